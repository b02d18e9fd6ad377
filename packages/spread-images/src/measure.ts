/** What the originals, what the searches began with and what they found are worth. */

import { freshCosines, type Judge, mildViews } from "@optogram/painting";
import { rowsOf } from "@optogram/statistics";
import { type Style, styleOf } from "./style.ts";

export interface Generation extends Style {
  /** [3, size, size] */
  readonly picture: Float32Array;
  /** With the original's embedding: the mean over fresh views. */
  readonly cosine: number;
  /** The image that the search began with, and its own cosine. */
  readonly beginning: number;
  readonly beginningCosine: number;
}

export interface Original extends Style {
  /** Its position in the source. */
  readonly image: number;
  readonly picture: Float32Array;
  /** With its own embedding, under the same views: what a crop costs the original itself. */
  readonly cosine: number;
  readonly generations: readonly Generation[];
}

export interface Found {
  readonly size: number;
  /** Positions in the source. */
  readonly images: readonly number[];
  /** Pictures [images, 3, size, size] and embeddings [images, d] of these. */
  readonly originals: Float32Array;
  readonly embeddings: Float32Array;
  /** Image by image: generations [images · g, 3, size, size], embeddings repeated for each, and what each began with. */
  readonly generations: Float32Array;
  readonly directions: Float32Array;
  readonly beginnings: readonly number[];
  readonly starts: Float32Array;
  readonly seeds: readonly number[];
}

/** Fresh views, from a stream of random numbers that no search takes. */
const fresh = { ranges: mildViews, views: 16, stream: 2 ** 41 };

export async function measureSpread(judge: Judge, found: Found): Promise<Original[]> {
  const { size, images, originals, embeddings, generations, directions, beginnings, starts, seeds } = found;
  const each = seeds.length / images.length;
  const options = { ...fresh, seeds };
  const own = await freshCosines(judge, originals, embeddings, options);
  const cosines = await freshCosines(judge, generations, directions, options);
  const before = await freshCosines(judge, starts, directions, options);
  const made = rowsOf(generations, seeds.length).map((picture, i) => ({
    picture,
    cosine: cosines[i],
    beginning: beginnings[i],
    beginningCosine: before[i],
    ...styleOf(picture, size),
  }));
  return rowsOf(originals, images.length).map((picture, i) => ({
    image: images[i],
    picture,
    cosine: own[i],
    ...styleOf(picture, size),
    generations: made.slice(i * each, (i + 1) * each),
  }));
}
