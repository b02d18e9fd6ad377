/** Which images an exemplar decoder remembers. */

import { type Dictionary, directionOf } from "@optogram/dictionary";
import { nearestNeighbours } from "@optogram/statistics";

export interface ExemplarChoice {
  readonly embeddings: { readonly values: Float32Array; readonly width: number };
  readonly dictionary: Dictionary;
  /** Living features, the strongest first. */
  readonly living: readonly number[];
}

/**
 * Up to `count` different rows of the embeddings: for each feature the one nearest to its direction, the strongest
 * features first; what is left is filled with rows evenly spaced.
 */
export function chooseExemplars({ embeddings, dictionary, living }: ExemplarChoice, count: number): number[] {
  const { values, width } = embeddings;
  const total = values.length / width;
  const directions = living.flatMap((feature) => directionOf(dictionary, feature) ?? []);
  const wanted = new Float32Array(directions.length * width);
  for (const [i, direction] of directions.entries()) wanted.set(direction, i * width);
  const nearest = directions.length > 0 ? nearestNeighbours(values, width, 1, "cosine", wanted).indices : [];
  const chosen = new Set(Array.from(nearest).slice(0, count));
  const most = Math.min(count, total);
  const step = total / most;
  for (let i = 0; chosen.size < most && i < most; i++) chosen.add(Math.floor(i * step));
  for (let i = 0; chosen.size < most; i++) chosen.add(i);
  return [...chosen].slice(0, most);
}
