import { dot } from "@optogram/dictionary";
import { confidence } from "@optogram/statistics";

export interface Ranked {
  /** Row that was ranked. */
  readonly index: number;
  readonly cosine: number;
  /** σ((cosine − threshold) · temperature). */
  readonly confidence: number;
  /** Its share of a softmax over all rows. */
  readonly softmax: number;
}

/** Two numbers for the confidence, and what cosines are multiplied by before the softmax. */
export interface Sureness {
  readonly confidence: { readonly threshold: number; readonly temperature: number };
  readonly temperature: number;
}

/** Rows [n, d] of unit length by their cosine with `direction`, greatest first; equal ones in their order. */
export function ranked(rows: Float32Array, direction: Float32Array, sure: Sureness): readonly Ranked[] {
  const d = direction.length;
  const cosines = Float32Array.from({ length: rows.length / d }, (_, row) =>
    dot(rows.subarray(row * d, (row + 1) * d), direction),
  );
  const greatest = cosines.reduce((a, b) => Math.max(a, b), -1);
  const weights = cosines.map((cosine) => Math.exp(sure.temperature * (cosine - greatest)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from(cosines, (cosine, index) => ({
    index,
    cosine,
    confidence: confidence(cosine, sure.confidence),
    softmax: weights[index]! / total,
  })).sort((a, b) => b.cosine - a.cosine || a.index - b.index);
}

/** Brought to unit length. */
export function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
