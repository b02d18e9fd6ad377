/** A sparse autoencoder's arithmetic on a few embeddings: a few thousand multiplications, done where the numbers are. */

import { combination, unit } from "./direction.ts";

export interface Dictionary {
  /** d */
  readonly dimensions: number;
  /** m */
  readonly latents: number;
  /** A code keeps as many features. */
  readonly active: number;
  /** W_enc [d, m] */
  readonly encoderWeight: Float32Array;
  /** b_enc [m] */
  readonly encoderBias: Float32Array;
  /** W_dec [m, d] */
  readonly decoderWeight: Float32Array;
  /** b_dec [d] */
  readonly decoderBias: Float32Array;
}

export interface Activation {
  readonly feature: number;
  readonly value: number;
}

/** f = ReLU((x − b_dec) W_enc + b_enc) of embeddings [n, d]: activations [n, m]. */
export function activations(dictionary: Dictionary, embeddings: Float32Array): Float32Array {
  const { dimensions: d, latents: m, encoderWeight, encoderBias, decoderBias } = dictionary;
  const n = embeddings.length / d;
  const all = new Float32Array(n * m);
  const pre = new Float64Array(m);
  for (let row = 0; row < n; row++) {
    pre.set(encoderBias);
    for (let i = 0; i < d; i++) {
      const centred = embeddings[row * d + i] - decoderBias[i];
      const from = i * m;
      for (let f = 0; f < m; f++) pre[f] += centred * encoderWeight[from + f];
    }
    for (let f = 0; f < m; f++) all[row * m + f] = Math.max(0, pre[f]);
  }
  return all;
}

/** The code of one embedding [d]: its `active` largest activations, largest first. */
export function codeOf(dictionary: Dictionary, x: Float32Array): Activation[] {
  return strongest(activations(dictionary, x), dictionary.active);
}

/** The `count` largest of activations [m] above 0, largest first. */
export function strongest(values: Float32Array, count: number): Activation[] {
  return Array.from(values, (value, feature) => ({ feature, value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.feature - b.feature)
    .slice(0, count);
}

/** The place of a feature among activations [m]: 1 for the strongest; equal ones share the best place. */
export function rankOf(values: Float32Array, feature: number): number {
  return values.reduce((rank, value) => rank + (value > values[feature] ? 1 : 0), 1);
}

/** x̂ = Σ f W_dec + b_dec over the features of a code. */
export function reconstruct(dictionary: Dictionary, code: readonly Activation[]): Float32Array {
  const { dimensions, decoderWeight, decoderBias } = dictionary;
  const sum = Float32Array.from(decoderBias);
  for (const { feature, value } of code) {
    const row = feature * dimensions;
    for (let i = 0; i < dimensions; i++) sum[i] += value * decoderWeight[row + i];
  }
  return sum;
}

/** A feature's direction: its row of W_dec as a unit vector; undefined for one that the dictionary does not have or that points nowhere. */
export function directionOf(dictionary: Dictionary, feature: number): Float32Array | undefined {
  const { dimensions, decoderWeight } = dictionary;
  return unit(decoderWeight.slice(feature * dimensions, (feature + 1) * dimensions));
}

/** The direction of Σ w d over unit directions d, b_dec left out; undefined where nothing is left. */
export function mixtureDirection(
  dictionary: Dictionary,
  parts: readonly { readonly feature: number; readonly weight: number }[],
): Float32Array | undefined {
  const known = parts.flatMap(({ feature, weight }) => {
    const direction = directionOf(dictionary, feature);
    return direction ? [{ direction, weight }] : [];
  });
  return combination(
    known.map(({ direction }) => direction),
    known.map(({ weight }) => weight),
  );
}
