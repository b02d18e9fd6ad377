import { directionOf, dot, orthogonal } from "@optogram/dictionary";
import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import type { Feature } from "../data/encoder.ts";
import { measure } from "../format.ts";
import { loadDictionary } from "../live/networks.ts";
import { Painting, usePaintings } from "./painting.tsx";

/** What each of two features has that the other has not, painted by the decoder. */
export function CompareApart({ a, b }: { a: Feature; b: Feature }) {
  const { encoder } = useAtlas();
  const dictionary = use(loadDictionary(encoder));
  const found = useMemo(() => {
    const [u, v] = [directionOf(dictionary, a.feature), directionOf(dictionary, b.feature)];
    const [onlyA, onlyB] = u && v ? [orthogonal(u, v), orthogonal(v, u)] : [];
    return u && v && onlyA && onlyB ? { cosine: dot(u, v), directions: [u, onlyA, onlyB, v] } : undefined;
  }, [dictionary, a, b]);
  const pictures = usePaintings(found?.directions ?? none);
  if (!found) {
    return <p className="problem">They point the same way: neither has a part that the other lacks.</p>;
  }
  const [nameA, nameB] = [a, b].map(({ feature }) => String(feature)) as [string, string];
  const titles = [nameA, `${nameA} ⊥ ${nameB}`, `${nameB} ⊥ ${nameA}`, nameB];
  return (
    <section>
      <h2>What each has that the other has not</h2>
      <p className="faint">
        The cosine of the two directions is {measure(found.cosine)}; 0 is at right angles. A ⊥ B is the part
        of A’s direction that is orthogonal to B’s. The decoder paints all four.
      </p>
      <div className="compare-apart">
        {titles.map((title, i) => (
          <figure key={title}>
            <Painting picture={pictures?.[i]} label={`Painted: ${title}`} />
            <figcaption>{title}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}

const none: readonly Float32Array[] = [];
