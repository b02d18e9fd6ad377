import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { loadTops } from "../data/details.ts";
import type { Feature } from "../data/encoder.ts";
import { describe } from "./picture.tsx";
import { SheetImage } from "./sheet.tsx";

const shown = 6;

/** A feature's picture at full size: its strongest image with five more around it, as on its tile. */
export function Collage({ feature }: { feature: Feature }) {
  const { encoder } = useAtlas();
  const tops = use(loadTops(encoder, feature.feature));
  const { sheets } = encoder;
  if (!sheets || tops.length === 0) return null;
  return (
    <figure className="collage" aria-label={describe(feature)}>
      {tops.slice(0, shown).map((top) => (
        <SheetImage
          key={top.rank}
          sheets={sheets}
          feature={feature.feature}
          rank={top.rank}
          alt={top.caption || top.name}
        />
      ))}
    </figure>
  );
}
