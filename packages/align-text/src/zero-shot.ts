/** Zero-shot classification: each image to the class whose texts lie nearest. */

import { proportion, type Share } from "@optogram/statistics";
import { type Found, type SearchOptions, search } from "./search.ts";

/** Classes that are kept of each image. */
const kept = 5;

export interface ZeroShot {
  /** Of each image its nearest classes with their cosines, and the softmax's denominator over all classes. */
  readonly nearest: Found;
  /** Shares of the labelled images. */
  readonly top1: Share;
  readonly top5: Share;
  /** After each image, the share of the labelled ones so far whose nearest class was right; NaN before the first. */
  readonly running: Float32Array;
  /** Labelled images by class and nearest class, classes × classes. */
  readonly confusion: Uint32Array;
}

/**
 * @param images row-major n × d of unit length
 * @param classes row-major, a row a class, of unit length
 * @param labels the class of each image, −1 where it has none
 */
export async function classify(
  images: Float32Array,
  classes: Float32Array,
  d: number,
  labels: ArrayLike<number>,
  options: Omit<SearchOptions, "k"> = {},
): Promise<ZeroShot> {
  const [n, count] = [images.length / d, classes.length / d];
  const nearest = await search(classes, count, images, d, { ...options, k: Math.min(kept, count) });
  const { k, indices } = nearest;
  const running = new Float32Array(n);
  const confusion = new Uint32Array(count * count);
  let [labelled, first, among] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    if (label >= 0) {
      const rank = indices.subarray(i * k, (i + 1) * k).indexOf(label);
      labelled++;
      if (rank === 0) first++;
      if (rank >= 0) among++;
      confusion[label * count + indices[i * k]]++;
    }
    running[i] = first / labelled;
  }
  return {
    nearest,
    top1: proportion(first, labelled),
    top5: proportion(among, labelled),
    running,
    confusion,
  };
}
