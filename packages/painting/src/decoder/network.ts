/**
 * The feed-forward decoder: a small convolutional network from a direction to a picture. Two linear layers lay the
 * direction out as a coarse map, then each stage enlarges it and refines it with a residual block. It has no
 * normalisation (branches that start at zero make it trainable without, De & Smith 2020), so a picture never depends
 * on the rest of its batch, and it enlarges by interpolation before it convolves, so that what it invents to please an
 * encoder is not a checkerboard (Odena et al. 2016).
 */

import {
  add,
  attributesOf,
  conv,
  div,
  float32,
  matmul,
  max,
  mul,
  quickGelu,
  reduceL2,
  sigmoid,
  unsqueeze,
  type Value,
} from "@optogram/onnx";
import type { DecoderWeights } from "./weights.ts";

export interface DecoderShape {
  /** Length of a direction. */
  readonly dimension: number;
  /** Side of a picture in pixels: 6 to 11 times a power of two, from 12. */
  readonly size: number;
  /** Width of the hidden layer. */
  readonly hidden: number;
  /** Channels of the coarsest map; each doubling of the side halves them, down to 16. */
  readonly width: number;
}

const largestStart = 11;
const smallestStart = 6;
const fewestChannels = 16;

/** Sides of the maps, coarsest first, the picture's last. */
export function decoderSides(size: number): number[] {
  const sides = [size];
  while (sides[0] % 2 === 0 && sides[0] / 2 >= smallestStart) sides.unshift(sides[0] / 2);
  if (sides.length < 2 || sides[0] > largestStart)
    throw new RangeError(
      `a decoder cannot paint ${size} × ${size} pixels: the side has to be 6 to 11 times a power of two, from 12`,
    );
  return sides;
}

/** The largest side up to `most` (12 or more) that a decoder can paint. */
export function largestSide(most: number): number {
  const times = 2 ** Math.floor(Math.log2(most / smallestStart));
  return Math.floor(most / times) * times;
}

/** directions [b, dimension] of any length but zero → pictures [b, 3, size, size] from 0 to 1. */
export function decode(weights: DecoderWeights, directions: Value, shape: DecoderShape): Value {
  const [start, ...sides] = decoderSides(shape.size);
  const direction = quickGelu(linear(weights, "hidden", unitScale(directions), shape.hidden));
  let map = layOut(linear(weights, "layout", direction, shape.width * start * start), start);
  for (const side of sides) {
    map = block(weights, `block.${map.shape[3]}`, map);
    const channels = Math.max(fewestChannels, 8 * Math.round((shape.width * start) / side / 8));
    map = double(convolution(weights, `grow.${side}`, map, channels, 1));
  }
  map = convolution(weights, "head", quickGelu(map), map.shape[1], 3);
  // Pictures start close to grey, where the sigmoid is steepest.
  return sigmoid(convolution(weights, "picture", quickGelu(map), 3, 3, 0.1));
}

/** Rows of unit length, times √d: their elements are of size 1, as the first layer expects. */
function unitScale(directions: Value): Value {
  const length = max(reduceL2(directions, { axes: [1], keep: true }), 1e-12);
  return mul(div(directions, length), Math.sqrt(directions.shape[1]));
}

function linear(weights: DecoderWeights, name: string, x: Value, outputs: number): Value {
  const product = matmul(x, weights.matrix(`${name}.weight`, x.shape[1], outputs));
  return add(product, weights.vector(`${name}.bias`, outputs));
}

/** With zeros around, so that maps keep their size. */
function convolution(
  weights: DecoderWeights,
  name: string,
  x: Value,
  channels: number,
  side: 1 | 3,
  gain?: number,
): Value {
  const kernel = weights.kernel(`${name}.weight`, [channels, x.shape[1], side, side], gain);
  return conv(x, kernel, weights.vector(`${name}.bias`, channels), { padding: (side - 1) / 2 });
}

/** x + conv(act(conv(act(x)))), the identity at first. */
function block(weights: DecoderWeights, name: string, x: Value): Value {
  const channels = x.shape[1];
  const inner = convolution(weights, `${name}.0`, quickGelu(x), channels, 3);
  return add(x, convolution(weights, `${name}.1`, quickGelu(inner), channels, 3, 0));
}

// A Reshape, or a Resize to sizes, would hold the batch's size; without them the same graph serves every batch.

/** x [b, c · side²] as [b, c, side, side]. */
function layOut(x: Value, side: number): Value {
  const [b, size] = x.shape;
  const type = { dtype: x.dtype, shape: [b, size / side ** 2, side, side] };
  const attributes = attributesOf({ blocksize: side, mode: "CRD" });
  return x.graph.node("DepthToSpace", [unsqueeze(x, [2, 3])], [type], attributes)[0];
}

/** x [b, c, h, w] at twice the size, interpolated linearly. */
function double(x: Value): Value {
  const [b, c, h, w] = x.shape;
  const scales = x.graph.constant(float32([1, 1, 2, 2]));
  const attributes = attributesOf({ mode: "linear", coordinate_transformation_mode: "half_pixel" });
  const type = { dtype: x.dtype, shape: [b, c, 2 * h, 2 * w] };
  return x.graph.node("Resize", [x, undefined, scales], [type], attributes)[0];
}
