/** Whether a finished picture shows what it was painted for. */

import { cosine } from "@optogram/dictionary";
import { seededRandom } from "@optogram/statistics";
import type { Judge } from "./judge.ts";
import { drawView, type ViewRanges } from "./views.ts";

export interface FreshOptions {
  readonly ranges: ViewRanges;
  /** Views of each picture. */
  readonly views: number;
  /** [n]: one seed a picture, for its views. */
  readonly seeds: readonly number[];
  /** Which of the streams under the seeds; take one that no search took. */
  readonly stream: number;
}

/** Cosines [n] of pictures [n, 3, size, size] with directions [n, d]: the mean over freshly drawn views. */
export async function freshCosines(
  judge: Judge,
  pictures: Float32Array,
  directions: Float32Array,
  { ranges, views, seeds, stream }: FreshOptions,
): Promise<Float32Array> {
  const n = directions.length / judge.dimension;
  const each = pictures.length / n;
  const repeated = new Float32Array(pictures.length * views);
  const drawn = seeds.slice(0, n).flatMap((seed, i) => {
    const random = seededRandom(seed, stream);
    return Array.from({ length: views }, (_, k) => {
      repeated.set(pictures.subarray(i * each, (i + 1) * each), (i * views + k) * each);
      return drawView(ranges, random);
    });
  });
  const embeddings = await judge.embed(repeated, drawn);
  return Float32Array.from({ length: n }, (_, i) => {
    const direction = rowOf(directions, judge.dimension, i);
    let sum = 0;
    for (let k = 0; k < views; k++)
      sum += cosine(rowOf(embeddings, judge.dimension, i * views + k), direction);
    return sum / views;
  });
}

/** Cosines [n] of rows [n, d] with directions [n, d]. */
export function rowCosines(rows: Float32Array, directions: Float32Array, d: number): Float32Array {
  return Float32Array.from({ length: rows.length / d }, (_, i) =>
    cosine(rowOf(rows, d, i), rowOf(directions, d, i)),
  );
}

const rowOf = (rows: Float32Array, d: number, i: number) => rows.subarray(i * d, (i + 1) * d);
