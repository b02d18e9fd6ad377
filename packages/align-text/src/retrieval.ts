/** How often a picture finds its own caption, and a caption its own picture. */

import { proportion, type Share } from "@optogram/statistics";
import { search } from "./search.ts";

/** Ranks at which recall is told. */
export const recallRanks = [1, 5, 10] as const;

export interface Recall {
  /** Among how many. */
  readonly n: number;
  /** Shares of captions with a right image among the first 1, 5 and 10, and of images with a right caption. */
  readonly images: readonly Share[];
  readonly texts: readonly Share[];
}

/**
 * Rows i of both are a picture and its caption, of unit length. Captions of the same words are right for each other's
 * pictures.
 */
export async function recall(
  images: Float32Array,
  texts: Float32Array,
  captions: readonly string[],
  d: number,
): Promise<Recall> {
  const n = captions.length;
  const k = Math.min(recallRanks[recallRanks.length - 1], n);
  const shares = async (rows: Float32Array, queries: Float32Array) => {
    const { indices } = await search(rows, n, queries, d, { k });
    const rank = captions.map((caption, i) => {
      const at = indices.subarray(i * k, (i + 1) * k).findIndex((j) => captions[j] === caption);
      return at < 0 ? Number.POSITIVE_INFINITY : at;
    });
    return recallRanks.map((within) => proportion(rank.filter((at) => at < within).length, n));
  };
  return { n, images: await shares(images, texts), texts: await shares(texts, images) };
}
