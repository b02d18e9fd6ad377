/** The tables that the stage writes; their columns are described in the package's README. */

import { binaries, bools, table, texts, vectors } from "@optogram/artifacts";
import { dot } from "@optogram/dictionary";
import { stacked } from "@optogram/statistics";
import { pngOf } from "@optogram/studio";
import { middles, type PairPicture } from "./measure.ts";
import type { Meeting, Pair } from "./pairs.ts";
import { crops } from "./places.ts";
import type { Directions } from "./plan.ts";

export function pairsTable(
  pairs: readonly Pair[],
  directions: readonly Directions[],
  kinds: ReadonlyMap<number, string>,
  meetings: readonly Meeting[],
) {
  const together = ({ a, b }: Pair) =>
    meetings.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a))?.score ?? 0;
  return table({
    pair: Uint32Array.from(pairs.keys()),
    a: Uint32Array.from(pairs, ({ a }) => a),
    b: Uint32Array.from(pairs, ({ b }) => b),
    kind_a: texts(pairs.map(({ a }) => kinds.get(a) ?? null)),
    kind_b: texts(pairs.map(({ b }) => kinds.get(b) ?? null)),
    why: texts(pairs.map(({ why }) => why)),
    together: Float32Array.from(pairs, together),
    cosine: Float32Array.from(directions, ({ a, b }) => dot(a, b)),
  });
}

export async function picturesTable(pictures: readonly PairPicture[], size: number) {
  const best = new Set(middles(pictures).values());
  const onCrops = (of: "a" | "b") =>
    vectors(stacked(pictures.map((one) => Float32Array.from(one[of].crops))), crops.length);
  return table({
    pair: Uint32Array.from(pictures, ({ pair }) => pair),
    part: texts(pictures.map(({ part }) => part)),
    picture: binaries(await Promise.all(pictures.map(({ picture }) => pngOf(picture, size)))),
    cosine: Float32Array.from(pictures, ({ cosine }) => cosine),
    activation_a: Float32Array.from(pictures, ({ a }) => a.activation),
    rank_a: Uint32Array.from(pictures, ({ a }) => a.rank),
    activation_b: Float32Array.from(pictures, ({ b }) => b.activation),
    rank_b: Uint32Array.from(pictures, ({ b }) => b.rank),
    crops_a: onCrops("a"),
    crops_b: onCrops("b"),
    overlap: Float32Array.from(pictures, ({ overlap }) => overlap),
    verdict: texts(pictures.map(({ verdict }) => verdict)),
    middle: bools(pictures.map((one) => best.has(one))),
  });
}

/** What the pairs come to. */
export function pairFigures(pairs: readonly Pair[], pictures: readonly PairPicture[]) {
  const best = [...middles(pictures).values()];
  const said = (verdict: string) => best.filter((one) => one.verdict === verdict).length;
  return {
    pairs: pairs.length,
    fused: said("fused"),
    sideBySide: said("side by side"),
    meanMiddleCosine: best.reduce((sum, { cosine }) => sum + cosine, 0) / best.length,
  };
}
