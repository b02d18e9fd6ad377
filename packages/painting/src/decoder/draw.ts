/** The directions that the decoder learns to paint beside those of images. */

import { slerp, unit } from "@optogram/dictionary";
import type { Random } from "@optogram/statistics";

/** A table of rows of `width` numbers, row-major. */
export interface Vectors {
  readonly values: Float32Array;
  readonly width: number;
}

export const vectorsIn = ({ values, width }: Vectors): number => values.length / width;

/** Row `index` at unit length. @throws RangeError where it has none. */
export function unitRow({ values, width }: Vectors, index: number): Float32Array {
  const row = unit(values.subarray(index * width, (index + 1) * width));
  if (!row) throw new RangeError(`row ${index} has no direction: it is zero, or not finite`);
  return row;
}

/**
 * A direction that no image was embedded at: half of them rows of the dictionary, a quarter between two of those, a
 * quarter between one and an embedding. Without a dictionary it lies between two embeddings.
 */
export function drawDirection(embeddings: Vectors, dictionary: Vectors, random: Random): Float32Array {
  const draw = (table: Vectors) => unitRow(table, random.integer(vectorsIn(table)));
  if (vectorsIn(dictionary) === 0) return slerp(draw(embeddings), draw(embeddings), random.uniform());
  const kind = random.integer(4);
  const feature = draw(dictionary);
  if (kind < 2) return feature;
  return slerp(feature, draw(kind === 2 ? dictionary : embeddings), random.uniform());
}
