import { use, useMemo } from "react";
import { useAtlas } from "../atlas.tsx";
import { loadNeighbours } from "../data/details.ts";
import type { EncoderData, Feature } from "../data/encoder.ts";
import { once } from "../data/load.ts";
import { strongestOfRegions } from "../data/strongest.ts";
import { Picture } from "./picture.tsx";

interface Pair {
  readonly a: Feature;
  readonly b: Feature;
  readonly why: string;
}

/** Features of which each gives a pair. */
const centres = 8;

/** Pairs worth a try. */
export function CombinePresets({ data }: { data: EncoderData }) {
  const { address } = useAtlas();
  const strong = useMemo(() => strongestOfRegions(data).slice(0, centres), [data]);
  const pairs = use(once(`presets ${data.encoder.folder}`, () => findPairs(data, strong)));
  if (pairs.length === 0) return null;
  return (
    <section>
      <h2>Try these</h2>
      <nav className="presets" aria-label="Pairs to try">
        {pairs.map(({ a, b, why }) => (
          <a
            key={`${a.feature} ${b.feature}`}
            className="preset"
            href={address(["combine"], { a: String(a.feature), b: String(b.feature) })}
          >
            <span className="preset-pictures">
              <Picture feature={a} />
              <Picture feature={b} />
            </span>
            <span>
              {a.answers ?? a.feature} and {b.answers ?? b.feature}
            </span>
            <small>{why}</small>
          </a>
        ))}
      </nav>
    </section>
  );
}

/** In turn: two that fire together, two that point nearly the same way, two that have nothing to do with one another. */
async function findPairs(data: EncoderData, strong: readonly Feature[]): Promise<readonly Pair[]> {
  const around = await Promise.all(
    strong.map(async (a, i): Promise<Pair[]> => {
      const { coactivation, cosine } = await loadNeighbours(data.encoder, a.feature);
      const pair = (b: Feature | undefined, why: string) => (b && !b.dead && b !== a ? [{ a, b, why }] : []);
      return [
        pair(data.features[coactivation[0]?.feature ?? -1], "fire together"),
        pair(data.features[cosine[0]?.feature ?? -1], "point nearly the same way"),
        pair(strong[(i + 1) % strong.length], "far apart"),
      ][i % 3]!;
    }),
  );
  const all = around.flat();
  const keys = all.map(({ a, b }) => [a.feature, b.feature].sort((x, y) => x - y).join());
  return all.filter((_, i) => keys.indexOf(keys[i]!) === i);
}
