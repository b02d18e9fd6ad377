/** The reconstructor of arXiv 2506.07803: an encoder's tokens to a picture. */

import { linear, norm, transformer } from "@optogram/networks";
import {
  add,
  conv,
  convTranspose,
  div,
  max,
  mul,
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
/**
 * Maps are carried this many times as large as the network has them. QuickGELU, x σ(1.702 x), is x σ(x) in that unit, and
 * neither it nor its gradient has to multiply every pixel; BatchNorm takes the unit away and puts it back, for each channel.
 */
const unit = 1.702;
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
  const short = unitLength(tokens);
  const entered = width === tokenWidth ? short : linear(w, "project", short, width);
  const x = norm(w, "norm", withLearned(entered, w.table("token", [1, 1, width])));
  const blocks = transformer(w, "transformer", x, { ...shape, expansion });
  const seen = slice(blocks[blocks.length - 1], 1, 1, n + 1);
  let map = mul(reshape(transpose(seen, [0, 2, 1]), [b, width, ...grid]), unit);
  for (let i = 0; i < doublings; i++) {
    map = double(w, `up.${i}`, map);
    const count = i === doublings - 1 ? lastResidualBlocks : residualBlocks;
    for (let j = 0; j < count; j++) map = residual(w, `residual.${i}.${j}`, map);
  }
  return conv(map, mul(kernel(w, "out", map, 3), 1 / unit), w.vector("out.bias", 3, 0), { padding: 1 });
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
  const weight = w.kernel(`${name}.weight`, [channels, channels / 2, 4, 4], 4 * channels);
  const bias = mul(w.vector(`${name}.bias`, channels / 2, 0), unit);
  return convTranspose(x, weight, bias, { stride: 2, padding: 1 });
}

function kernel(w: ReconstructorWeights, name: string, x: Value, outputs: number): Value {
  const [, channels] = x.shape;
  return w.kernel(`${name}.weight`, [outputs, channels, 3, 3], 9 * channels);
}

function residual(w: ReconstructorWeights, name: string, x: Value): Value {
  const hidden = quickGelu(normalised(w, name, 1, x), 1);
  return quickGelu(add(x, normalised(w, name, 2, hidden)), 1);
}

/** 3 × 3, then BatchNorm, which would take any bias away. */
function normalised(w: ReconstructorWeights, name: string, i: 1 | 2, x: Value): Value {
  const weight = kernel(w, `${name}.conv${i}`, x, x.shape[1]);
  return w.batchNorm(`${name}.norm${i}`, conv(x, weight, undefined, { padding: 1 }), unit);
}
