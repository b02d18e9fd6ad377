/** Scores of an encoder's own job. */

import { argsort, nearestNeighbours } from "@optogram/statistics";

/** Mean over the positives of the precision down to each of them, in falling order of score; NaN without positives. */
export function averagePrecision(scores: Float32Array, positive: ArrayLike<number>): number {
  const order = argsort(scores.map((score) => -score));
  let found = 0;
  let sum = 0;
  for (const [rank, at] of Array.from(order).entries()) if (positive[at]) sum += ++found / (rank + 1);
  return sum / found;
}

/** Mean over classes that occur in either of |both| / |either|, for predicted and actual classes of the same places. */
export function meanIntersectionOverUnion(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
): number {
  const both = new Float64Array(classes);
  const either = new Float64Array(classes);
  for (let i = 0; i < actual.length; i++) {
    either[actual[i]]++;
    if (predicted[i] === actual[i]) both[actual[i]]++;
    else either[predicted[i]]++;
  }
  const shares = Array.from(both, (n, c) => n / either[c]).filter((share) => !Number.isNaN(share));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The share of queries whose nearest key by cosine is a right one, and the share that a blind choice would find. */
export function retrieval(
  queries: Float32Array,
  keys: Float32Array,
  width: number,
  right: (query: number, key: number) => boolean,
): { readonly found: number; readonly chance: number } {
  const { indices } = nearestNeighbours(keys, width, 1, "cosine", queries);
  const count = keys.length / width;
  let found = 0;
  let pairs = 0;
  for (let i = 0; i < indices.length; i++) {
    if (right(i, indices[i])) found++;
    for (let j = 0; j < count; j++) if (right(i, j)) pairs++;
  }
  return { found: found / indices.length, chance: pairs / indices.length / count };
}
