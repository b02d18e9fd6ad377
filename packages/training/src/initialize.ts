/** Initial values of parameters, from a source of random numbers. */

import { float32, sizeOf, type Tensor } from "@optogram/onnx";

/** A standard normal number at each call. */
export type Normal = () => number;

export function normal(random: Normal, shape: readonly number[], deviation: number): Tensor {
  return float32(
    Float32Array.from({ length: sizeOf(shape) }, () => deviation * random()),
    shape,
  );
}

/** Normal with the variance that keeps activations' scale through a product with `fanIn` inputs: 1 / fanIn. */
export function fanInNormal(random: Normal, shape: readonly number[], fanIn = shape[0]): Tensor {
  return normal(random, shape, 1 / Math.sqrt(fanIn));
}

export function filledWith(value: number, shape: readonly number[]): Tensor {
  return float32(new Float32Array(sizeOf(shape)).fill(value), shape);
}
