import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { loadTops } from "../data/details.ts";
import type { Feature } from "../data/encoder.ts";
import { measure } from "../format.ts";
import { SheetImage } from "./sheet.tsx";

/** The images in which a feature is most active, in a square of two by two. */
export function TopImages({ feature }: { feature: Feature }) {
  const { encoder } = useAtlas();
  const { sheets } = encoder;
  const tops = use(loadTops(encoder, feature.feature)).slice(0, 4);
  return (
    <div className="top-images">
      {sheets &&
        tops.map((top) => (
          <figure key={top.rank} title={`activation ${measure(top.value)}`}>
            <SheetImage
              sheets={sheets}
              feature={feature.feature}
              rank={top.rank}
              alt={top.caption || top.name}
            />
          </figure>
        ))}
    </div>
  );
}
