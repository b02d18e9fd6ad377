/** Activations over the shots of a thing, averaged over its drawings. */

import { codeOf, type Dictionary } from "@optogram/dictionary";

/** One entry a shot. */
export interface Curves {
  /** By feature: its activation in each shot, the mean over drawings. Features that are silent in all have none. */
  readonly mean: ReadonlyMap<number, Float32Array>;
  /** The same of the standard deviation over drawings, 0 for a single one. */
  readonly deviation: ReadonlyMap<number, Float32Array>;
}

/**
 * @param embeddings [shots, drawings, d]
 * Activations are those of the code: what a dictionary of k active features leaves out is 0.
 */
export function curvesOf(dictionary: Dictionary, embeddings: Float32Array, drawings: number): Curves {
  const d = dictionary.dimensions;
  const shots = embeddings.length / d / drawings;
  const sums = new Map<number, { sum: Float64Array; squares: Float64Array }>();
  for (let row = 0; row < shots * drawings; row++) {
    const shot = Math.floor(row / drawings);
    for (const { feature, value } of codeOf(dictionary, embeddings.subarray(row * d, (row + 1) * d))) {
      const known = sums.get(feature) ?? { sum: new Float64Array(shots), squares: new Float64Array(shots) };
      sums.set(feature, known);
      known.sum[shot] += value;
      known.squares[shot] += value * value;
    }
  }
  const features = [...sums].sort(([a], [b]) => a - b);
  return {
    mean: new Map(
      features.map(([feature, { sum }]) => [feature, Float32Array.from(sum, (s) => s / drawings)]),
    ),
    deviation: new Map(
      features.map(([feature, { sum, squares }]) => [
        feature,
        Float32Array.from(sum, (s, i) => deviation(s, squares[i], drawings)),
      ]),
    ),
  };
}

/** √(Σ (x − x̄)² / (n − 1)) from Σ x and Σ x². */
function deviation(sum: number, squares: number, n: number): number {
  return n < 2 ? 0 : Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1));
}
