/** The control against which an encoder is held: the same network that has learnt nothing. */

import { createHash } from "node:crypto";
import { floatToHalf, halfToFloat, type Model, type Tensor } from "@optogram/onnx";

/**
 * The same network with random weights: every float initialiser is drawn anew from a normal distribution with the mean
 * and standard deviation of its own elements, scales and biases of normalisations included, and clamped to the range of
 * its elements, so that variances stay positive and a tensor of one value stays as it is. Each tensor has a stream of
 * its own, from the seed and its name.
 */
export function randomised(model: Model, seed: number): Model {
  const initializers = new Map(redrawnAll(model.graph.initializers, seed));
  return { ...model, graph: { ...model.graph, initializers } };
}

/** The same for weights that no graph holds yet. */
export function randomisedWeights(
  weights: Readonly<Record<string, Tensor>>,
  seed: number,
): Record<string, Tensor> {
  return Object.fromEntries(redrawnAll(Object.entries(weights), seed));
}

function redrawnAll(tensors: Iterable<readonly [string, Tensor]>, seed: number): [string, Tensor][] {
  return Array.from(tensors, ([name, tensor]) => [name, redrawn(tensor, `${seed}:${name}`)]);
}

function redrawn(tensor: Tensor, key: string): Tensor {
  const { dtype, data } = tensor;
  if (dtype === "float32" && data instanceof Float32Array) return { ...tensor, data: drawLike(data, key) };
  if (dtype === "float16" && data instanceof Uint16Array) {
    return { ...tensor, data: floatToHalf(drawLike(halfToFloat(data), key)) };
  }
  return tensor;
}

function drawLike(values: Float32Array, key: string): Float32Array {
  let sum = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    sum += value;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (!(lowest < highest)) return values;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  const normal = normals(key);
  return values.map(() => Math.min(highest, Math.max(lowest, mean + deviation * normal())));
}

/** Standard normal numbers: Box and Muller's transform of 32-bit numbers from sfc32 (Doty-Humphrey). */
export function normals(key: string): () => number {
  const hash = createHash("sha256").update(key).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => hash.readInt32LE(at)) as [number, number, number, number];
  const uniform = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return ((t >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
