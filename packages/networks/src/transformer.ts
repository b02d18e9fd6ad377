/** A pre-norm transformer encoder (Dosovitskiy et al. 2021, section 3.1; Radford et al. 2021 for QuickGELU). */

import {
  add,
  layerNormalization,
  matmul,
  mul,
  quickGelu,
  reshape,
  softmax,
  split,
  squeeze,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Weights } from "./weights.ts";

export interface TransformerShape {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Width of the hidden layer over the width of the network. */
  readonly expansion: number;
}

export function linear(w: Weights, name: string, x: Value, outputs: number, gain?: number): Value {
  const inputs = x.shape[x.shape.length - 1];
  return add(
    matmul(x, w.matrix(`${name}.weight`, inputs, outputs, gain)),
    w.vector(`${name}.bias`, outputs, 0),
  );
}

export function norm(w: Weights, name: string, x: Value): Value {
  const width = x.shape[x.shape.length - 1];
  return layerNormalization(x, w.vector(`${name}.scale`, width, 1), w.vector(`${name}.bias`, width, 0));
}

/** Self-attention over x [b, n, d]; `mask` [b, 1, 1, n] is added to the logits. */
function attention(w: Weights, name: string, x: Value, heads: number, gain: number, mask?: Value): Value {
  const [b, n, d] = x.shape;
  const size = d / heads;
  // [3, b, heads, n, size]
  const qkv = transpose(reshape(linear(w, `${name}.qkv`, x, 3 * d), [b, n, 3, heads, size]), [2, 0, 3, 1, 4]);
  const [q, k, v] = split(qkv, [1, 1, 1], 0).map((part) => squeeze(part, [0]));
  const scores = matmul(mul(q, size ** -0.5), transpose(k, [0, 1, 3, 2]));
  const mixed = matmul(softmax(mask ? add(scores, mask) : scores), v);
  return linear(w, `${name}.proj`, reshape(transpose(mixed, [0, 2, 1, 3]), [b, n, d]), d, gain);
}

/**
 * Tokens x [b, n, d] through all blocks, without the final norm: the output of each block. Weights that write to the
 * residual stream start smaller by 1/√(2 · depth), so that its variance does not grow with depth.
 */
export function transformer(
  w: Weights,
  name: string,
  x: Value,
  shape: TransformerShape,
  mask?: Value,
): Value[] {
  const gain = (2 * shape.depth) ** -0.5;
  const outputs: Value[] = [];
  let tokens = x;
  for (let i = 0; i < shape.depth; i++) {
    const block = `${name}.blocks.${i}`;
    tokens = add(
      tokens,
      attention(w, `${block}.attention`, norm(w, `${block}.norm1`, tokens), shape.heads, gain, mask),
    );
    const hidden = linear(
      w,
      `${block}.fc1`,
      norm(w, `${block}.norm2`, tokens),
      shape.width * shape.expansion,
    );
    tokens = add(tokens, linear(w, `${block}.fc2`, quickGelu(hidden), shape.width, gain));
    outputs.push(tokens);
  }
  return outputs;
}
