import { use } from "react";
import { useAtlas } from "../atlas.tsx";
import { loadTops, type TopImage } from "../data/details.ts";
import type { Feature } from "../data/encoder.ts";
import { measure } from "../format.ts";
import { SheetImage } from "./sheet.tsx";

const shown = 8;

/** Top images of each of two features, and those that are among the tops of both. */
export function CompareTops({ a, b }: { a: Feature; b: Feature }) {
  const { encoder } = useAtlas();
  const [ofA, ofB] = [use(loadTops(encoder, a.feature)), use(loadTops(encoder, b.feature))];
  const inB = new Map(ofB.map((top) => [top.image, top]));
  const both = ofA.filter(({ image }) => inB.has(image));
  return (
    <section>
      <h2>Top images</h2>
      <Row title={`Of ${nameOf(a)}`} feature={a} tops={ofA} />
      <Row title={`Of ${nameOf(b)}`} feature={b} tops={ofB} />
      {both.length > 0 ? (
        <Row title="Among the tops of both" feature={a} tops={both} beside={inB} />
      ) : (
        <p className="faint">
          No image is among the {ofA.length} tops of {a.feature} and among the {ofB.length} of {b.feature}.
        </p>
      )}
    </section>
  );
}

function nameOf({ feature, answers }: Feature): string {
  return answers ? `${feature}, ${answers}` : String(feature);
}

function Row({
  title,
  feature,
  tops,
  beside,
}: {
  title: string;
  feature: Feature;
  tops: readonly TopImage[];
  /** The other feature's entries by image. */
  beside?: ReadonlyMap<number, TopImage>;
}) {
  const { encoder } = useAtlas();
  if (!encoder.sheets || tops.length === 0) return null;
  return (
    <div className="compare-tops">
      <h3>{title}</h3>
      <div className="tops">
        {tops.slice(0, shown).map(({ rank, image, value, caption, name }) => (
          <figure key={rank}>
            <SheetImage
              sheets={encoder.sheets!}
              feature={feature.feature}
              rank={rank}
              alt={caption || name}
            />
            <figcaption>
              {measure(value)}
              {beside && ` and ${measure(beside.get(image)?.value ?? 0)}`}
            </figcaption>
          </figure>
        ))}
      </div>
    </div>
  );
}
