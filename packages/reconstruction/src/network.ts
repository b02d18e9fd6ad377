/** The reconstructor of arXiv 2506.07803: an encoder's tokens to a picture. */

import { linear, norm, transformer } from "@optogram/networks";
import {
  add,
  conv,
  convTranspose,
  div,
  max,
  pad,
  quickGelu,
  reduceL2,
  reshape,
  slice,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { ReconstructorWeights } from "./weights.ts";

export interface ReconstructorShape {
  /** Numbers of a token, as the encoder gives it. */
  readonly tokenWidth: number;
  /** [rows, columns] of tokens. */
  readonly grid: readonly [number, number];
  /** Width of the blocks: the paper's is the encoder's; at another one, tokens are projected first. */
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** How often the grid's sides are doubled on the way to the picture. */
  readonly doublings: number;
}

const expansion = 4;
const residualBlocks = 1;
const lastResidualBlocks = 3;

/** [height, width] of the picture in pixels. */
export function pictureSize({ grid: [rows, columns], doublings }: ReconstructorShape): [number, number] {
  return [rows * 2 ** doublings, columns * 2 ** doublings];
}

/** @throws RangeError where the blocks' width does not go into heads, or cannot be halved as often as it has to be. */
export function checkShape({ width, heads, doublings }: ReconstructorShape): void {
  if (width % heads !== 0) throw new RangeError(`a width of ${width} does not go into ${heads} heads`);
  if (width % 2 ** doublings !== 0)
    throw new RangeError(
      `a width of ${width} cannot be halved ${doublings} times: it has to be a multiple of ${2 ** doublings}`,
    );
}

/**
 * tokens [b, rows · columns, tokenWidth] of any length, row by row of the grid → picture [b, 3, height, width] with each
 * channel at about mean 0 and deviation 1. Tokens are brought to unit length and get no position: where a thing is, the
 * network has to read in them.
 */
export function reconstruct(w: ReconstructorWeights, tokens: Value, shape: ReconstructorShape): Value {
  checkShape(shape);
  const { grid, tokenWidth, width, doublings } = shape;
  const [b, n] = tokens.shape;
  const unit = unitLength(tokens);
  const entered = width === tokenWidth ? unit : linear(w, "project", unit, width);
  const x = norm(w, "norm", withLearned(entered, w.table("token", [1, 1, width])));
  const blocks = transformer(w, "transformer", x, { ...shape, expansion });
  const seen = slice(blocks[blocks.length - 1], 1, 1, n + 1);
  let map = reshape(transpose(seen, [0, 2, 1]), [b, width, ...grid]);
  for (let i = 0; i < doublings; i++) {
    map = double(w, `up.${i}`, map);
    const count = i === doublings - 1 ? lastResidualBlocks : residualBlocks;
    for (let j = 0; j < count; j++) map = residual(w, `residual.${i}.${j}`, map);
  }
  return convolution(w, "out", map, 3, w.vector("out.bias", 3, 0));
}

function unitLength(tokens: Value): Value {
  return div(tokens, max(reduceL2(tokens, { axes: [2], keep: true }), 1e-12));
}

/** x [b, n, d] with the learned token before it. By padding, which holds no batch size, so that the model serves any. */
function withLearned(x: Value, learned: Value): Value {
  const [, n] = x.shape;
  return add(pad(x, [0, 1, 0], [0, 0, 0]), pad(learned, [0, 0, 0], [0, n, 0]));
}

/** x [b, c, h, w] → [b, c / 2, 2 h, 2 w]: every pixel is a sum over 2 × 2 of those before. */
function double(w: ReconstructorWeights, name: string, x: Value): Value {
  const [, channels] = x.shape;
  const kernel = w.kernel(`${name}.weight`, [channels, channels / 2, 4, 4], 4 * channels);
  return convTranspose(x, kernel, w.vector(`${name}.bias`, channels / 2, 0), { stride: 2, padding: 1 });
}

/** 3 × 3. Without a bias where BatchNorm follows, which would take it away. */
function convolution(w: ReconstructorWeights, name: string, x: Value, outputs: number, bias?: Value): Value {
  const [, channels] = x.shape;
  const kernel = w.kernel(`${name}.weight`, [outputs, channels, 3, 3], 9 * channels);
  return conv(x, kernel, bias, { padding: 1 });
}

function residual(w: ReconstructorWeights, name: string, x: Value): Value {
  const [, channels] = x.shape;
  const hidden = quickGelu(w.batchNorm(`${name}.norm1`, convolution(w, `${name}.conv1`, x, channels)));
  return quickGelu(add(x, w.batchNorm(`${name}.norm2`, convolution(w, `${name}.conv2`, hidden, channels))));
}
