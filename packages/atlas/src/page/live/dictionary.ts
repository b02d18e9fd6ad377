/** The sparse autoencoder in the page: a few thousand multiplications, done where the numbers are. */

import { PageError } from "../data/load.ts";
import { unit } from "./direction.ts";
import { type FloatTensor, parseTensors } from "./safetensors.ts";

export interface Dictionary {
  readonly dimensions: number;
  readonly latents: number;
  /** A code keeps as many features. */
  readonly active: number;
  /** W_enc [d, m], b_enc [m], W_dec [m, d], b_dec [d]. */
  readonly encoderWeight: Float32Array;
  readonly encoderBias: Float32Array;
  readonly decoderWeight: Float32Array;
  readonly decoderBias: Float32Array;
}

export interface Activation {
  readonly feature: number;
  readonly value: number;
}

/** @throws PageError where the file does not hold the four tensors in shapes that fit */
export function readDictionary(file: ArrayBuffer, name: string, active: number): Dictionary {
  const tensors = parseTensors(file, name);
  const dimensions = tensors.get("b_dec")?.data.length ?? 0;
  const latents = tensors.get("b_enc")?.data.length ?? 0;
  const take = (tensor: string, ...shape: number[]): Float32Array => {
    const found: FloatTensor | undefined = tensors.get(tensor);
    if (!found || found.shape.join() !== shape.join()) {
      throw new PageError(
        `${name} holds ${found ? `${tensor} [${found.shape}]` : `no ${tensor}`}; [${shape}] is wanted. Render the atlas again.`,
      );
    }
    return found.data;
  };
  return {
    dimensions,
    latents,
    active,
    encoderWeight: take("W_enc", dimensions, latents),
    encoderBias: take("b_enc", latents),
    decoderWeight: take("W_dec", latents, dimensions),
    decoderBias: take("b_dec", dimensions),
  };
}

/** f = ReLU((x − b_dec) W_enc + b_enc), the `active` largest, largest first. */
export function codeOf(dictionary: Dictionary, x: Float32Array): Activation[] {
  const { dimensions, latents, active, encoderWeight, encoderBias, decoderBias } = dictionary;
  const pre = Float64Array.from(encoderBias);
  for (let i = 0; i < dimensions; i++) {
    const centred = x[i]! - decoderBias[i]!;
    const row = i * latents;
    for (let f = 0; f < latents; f++) pre[f]! += centred * encoderWeight[row + f]!;
  }
  return Array.from(pre, (value, feature) => ({ feature, value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.feature - b.feature)
    .slice(0, active);
}

/** x̂ = Σ f W_dec + b_dec over the features of a code. */
export function reconstruct(dictionary: Dictionary, code: readonly Activation[]): Float32Array {
  const { dimensions, decoderWeight, decoderBias } = dictionary;
  const sum = Float32Array.from(decoderBias);
  for (const { feature, value } of code) {
    const row = feature * dimensions;
    for (let i = 0; i < dimensions; i++) sum[i]! += value * decoderWeight[row + i]!;
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
  const sum = new Float32Array(dictionary.dimensions);
  for (const { feature, weight } of parts) {
    const direction = directionOf(dictionary, feature);
    if (direction) for (let i = 0; i < sum.length; i++) sum[i]! += weight * direction[i]!;
  }
  return unit(sum);
}
