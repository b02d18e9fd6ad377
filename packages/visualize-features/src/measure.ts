/** Whether a finished picture shows what it was painted for. */

import type { Tensor } from "@optogram/onnx";
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
      sum += cosineOf(rowOf(embeddings, judge.dimension, i * views + k), direction);
    return sum / views;
  });
}

/** Cosines [n] of rows [n, d] with directions [n, d]. */
export function rowCosines(rows: Float32Array, directions: Float32Array, d: number): Float32Array {
  return Float32Array.from({ length: rows.length / d }, (_, i) =>
    cosineOf(rowOf(rows, d, i), rowOf(directions, d, i)),
  );
}

const rowOf = (rows: Float32Array, d: number, i: number) => rows.subarray(i * d, (i + 1) * d);

function cosineOf(a: Float32Array, b: Float32Array): number {
  const [product, aa, bb] = a.reduce(
    ([ab, aa, bb], x, i) => [ab + x * b[i], aa + x * x, bb + b[i] * b[i]],
    [0, 0, 0],
  );
  return product / Math.max(Math.sqrt(aa * bb), 1e-12);
}

/** The tensors of a sparse autoencoder that encode. */
export interface SparseEncoder {
  /** [d, m] */
  readonly W_enc: Tensor;
  /** [m] */
  readonly b_enc: Tensor;
  /** [d] */
  readonly b_dec: Tensor;
}

/** f = ReLU((x − b_d) W_e + b_e) of embeddings [n, d]: activations [n, m]. */
export function featureActivations(sae: SparseEncoder, embeddings: Float32Array): Float32Array {
  const [d, m] = sae.W_enc.shape;
  const weights = sae.W_enc.data as Float32Array;
  const activations = new Float32Array((embeddings.length / d) * m);
  for (let i = 0; i < embeddings.length / d; i++) {
    const row = activations.subarray(i * m, (i + 1) * m);
    row.set(sae.b_enc.data as Float32Array);
    for (let j = 0; j < d; j++) {
      const x = embeddings[i * d + j] - (sae.b_dec.data as Float32Array)[j];
      for (let f = 0; f < m; f++) row[f] += x * weights[j * m + f];
    }
    for (let f = 0; f < m; f++) row[f] = Math.max(0, row[f]);
  }
  return activations;
}

/** The place of a feature among activations [m]: 1 for the strongest; equal ones share the best place. */
export function rankOf(activations: Float32Array, feature: number): number {
  return activations.reduce((rank, value) => rank + (value > activations[feature] ? 1 : 0), 1);
}

/** What a feature's picture makes of the feature. */
export interface FeatureResponse {
  readonly activation: number;
  /** Among all features; where the feature is silent, all that are active come before it. */
  readonly rank: number;
}

/** Responses [n] of features [n] to embeddings [n, d] of their pictures. */
export function featureResponses(
  sae: SparseEncoder,
  embeddings: Float32Array,
  features: readonly number[],
): FeatureResponse[] {
  const m = sae.W_enc.shape[1];
  const activations = featureActivations(sae, embeddings);
  return features.map((feature, i) => {
    const row = activations.subarray(i * m, (i + 1) * m);
    return { activation: row[feature], rank: rankOf(row, feature) };
  });
}
