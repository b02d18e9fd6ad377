/**
 * Depthwise convolutions over small maps as products: for each channel, all places of the input by all places of the
 * output, a matrix that holds the kernel's weights (a Toeplitz matrix of matrices) and is multiplied at the rate of
 * large products, where a convolution of a single channel runs at a tenth of it or less.
 */

import { float32, matmul, reshape, sizeOf, transpose, transposeLast, type Value } from "@optogram/onnx";
import { positions, type Window } from "./window.ts";

/** How many times the multiplications of the convolutions the products may need, so as to win (measured: 15 to 20). */
const mostTimes = 16;
/** Elements that the table of places may have. */
const mostElements = 2 ** 22;

export interface DepthwiseGradients {
  readonly input: Value;
  readonly weight: Value;
}

/**
 * For x [n, c, ...], weight [c, 1, ...kernel] and dy [n, c, ...] the gradients for x and the weight, with
 * M[c] = Σₖ weight[c, k] · places[k]: dx = dy Mᵀ and dweight[c, k] = Σ (xᵀ dy)[c] ⊙ places[k]. Nothing where maps are
 * so large, or images so few, that convolutions are faster.
 */
export function depthwiseGradients(
  x: Value,
  weight: Value,
  dy: Value,
  w: Window,
): DepthwiseGradients | undefined {
  const [n, c, ...large] = x.shape;
  const small = dy.shape.slice(2);
  const [taps, from, to] = [w.kernel, large, small].map(sizeOf);
  if (x.dtype !== "float32" || taps * from * to > mostElements) return undefined;
  if (from * (taps + n) > mostTimes * taps * n) return undefined;
  const places = x.graph.constant(placesOf(w, large, small));
  const matrices = reshape(matmul(reshape(weight, [c, taps]), places), [c, from, to]);
  const slopes = transpose(reshape(dy, [n, c, to]), [1, 0, 2]);
  const input = transpose(matmul(slopes, transposeLast(matrices)), [1, 0, 2]);
  const products = matmul(transpose(reshape(x, [n, c, from]), [1, 2, 0]), slopes);
  const sums = matmul(reshape(products, [c, from * to]), transposeLast(places));
  return { input: reshape(input, x.shape), weight: reshape(sums, weight.shape) };
}

/** [taps, from · to]: 1 where the kernel's tap takes a place of the input to a place of the output. */
function placesOf(w: Window, large: readonly number[], small: readonly number[]) {
  const [taps, from, to] = [w.kernel, large, small].map(sizeOf);
  const table = new Float32Array(taps * from * to);
  const outs = positions(small);
  for (const [tap, offset] of positions(w.kernel).entries())
    for (const [place, out] of outs.entries()) {
      const read = out.map((at, i) => at * w.strides[i] + offset[i] * w.dilations[i] - w.before[i]);
      if (read.some((at, i) => at < 0 || at >= large[i])) continue;
      const source = read.reduce((sum, at, i) => sum * large[i] + at, 0);
      table[(tap * from + source) * to + place] = 1;
    }
  return float32(table, [taps, from * to]);
}
