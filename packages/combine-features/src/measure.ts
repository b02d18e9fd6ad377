/** What each picture of a pair is worth. */

import { activations, type Dictionary, rankOf } from "@optogram/dictionary";
import { freshCosines, type Judge, mildViews } from "@optogram/painting";
import { rowsOf, stacked } from "@optogram/statistics";
import type { Pair } from "./pairs.ts";
import { cropSide, crops, type Verdict, verdictOf } from "./places.ts";
import type { Part, Sought } from "./plan.ts";

/** One feature on a picture. */
export interface Response {
  readonly activation: number;
  /** Among all features, from 1. */
  readonly rank: number;
  /** [9]: activations on the crops. */
  readonly crops: readonly number[];
}

export interface PairPicture extends Pick<Sought, "pair" | "part"> {
  /** [3, size, size] */
  readonly picture: Float32Array;
  /** With the direction it was searched for: the mean over fresh views. */
  readonly cosine: number;
  readonly a: Response;
  readonly b: Response;
  readonly overlap: number;
  readonly verdict: Verdict;
}

/** Fresh views, from a stream of random numbers that no search takes. */
const fresh = { ranges: mildViews, views: 16, stream: 2 ** 41 };

export async function measurePictures(
  judge: Judge,
  dictionary: Dictionary,
  pairs: readonly Pair[],
  sought: readonly Sought[],
  pictures: Float32Array,
  seeds: readonly number[],
): Promise<PairPicture[]> {
  const cosines = await freshCosines(judge, pictures, stacked(sought.map(({ direction }) => direction)), {
    ...fresh,
    seeds,
  });
  const activationsOn = async (shown: Float32Array, views?: readonly Crop[]) => {
    const embeddings = await judge.embed(shown, views);
    return rowsOf(activations(dictionary, embeddings), embeddings.length / judge.dimension);
  };
  const each = rowsOf(pictures, sought.length);
  const whole = await activationsOn(pictures);
  const onCrops = await activationsOn(
    stacked(each.flatMap((picture) => crops.map(() => picture))),
    each.flatMap(() => crops.map((corner) => ({ ...unchanged, ...corner }))),
  );
  return each.map((picture, i) => {
    const { pair, part } = sought[i];
    const own = onCrops.slice(i * crops.length, (i + 1) * crops.length);
    const of = (feature: number): Response => ({
      activation: whole[i][feature],
      rank: rankOf(whole[i], feature),
      crops: own.map((row) => row[feature]),
    });
    const [a, b] = [of(pairs[pair].a), of(pairs[pair].b)];
    return { pair, part, picture, cosine: cosines[i], a, b, ...verdictOf(a.crops, b.crops) };
  });
}

type Crop = typeof unchanged & (typeof crops)[number];

/** A crop as it is: no flip, no change of colour, no noise. */
const unchanged = {
  side: cropSide,
  flipped: false,
  colour: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  offset: 0,
  noise: 0,
  noiseFrom: 0,
};

/** What the encoder should find in a picture half way, by what its search began with. */
const begunAs: Partial<Record<Part, Verdict>> = { over: "fused", beside: "side by side" };

/**
 * Of the two pictures half way, by pair: one whose verdict is what it was begun as, before one whose verdict is not,
 * and of equals the one that the encoder says is nearer to it.
 */
export function middles(pictures: readonly PairPicture[]): ReadonlyMap<number, PairPicture> {
  const best = new Map<number, PairPicture>();
  const kept = ({ part, verdict }: PairPicture) => verdict === begunAs[part];
  for (const one of pictures) {
    if (!begunAs[one.part]) continue;
    const known = best.get(one.pair);
    const better = !known || (kept(one) === kept(known) ? !(one.cosine <= known.cosine) : kept(one));
    if (better) best.set(one.pair, one);
  }
  return best;
}
