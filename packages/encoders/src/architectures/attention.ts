/** Attention over tokens [b, n, d] (Vaswani et al. 2017). Names are timm's. */

import {
  add,
  expand,
  matmul,
  mul,
  reshape,
  softmax,
  split,
  squeeze,
  transpose,
  transposeLast,
  type Value,
} from "@optogram/onnx";
import { type Activation, linear, mlp, norm } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

/** Queries, keys and values [b, heads, n, d / heads]. */
export type Heads = readonly [q: Value, k: Value, v: Value];

/** [b, n, d] as [b, heads, n, d / heads]. */
export function inHeads(x: Value, heads: number): Value {
  const [b, n, d] = x.shape;
  return transpose(reshape(x, [b, n, heads, d / heads]), [0, 2, 1, 3]);
}

/** `parts` tensors [b, heads, n, d / heads] that one product made side by side, x [b, n, parts · d]. */
export function splitHeads(x: Value, parts: number, heads: number): Value[] {
  const [b, n, wide] = x.shape;
  const stacked = transpose(reshape(x, [b, n, parts, heads, wide / parts / heads]), [2, 0, 3, 1, 4]);
  return split(stacked, Array(parts).fill(1), 0).map((part) => squeeze(part, [0]));
}

/** Queries, keys and values from one matrix. */
export function jointHeads(p: Parameters, name: string, x: Value, heads: number, biased: boolean): Heads {
  const d = x.shape[x.shape.length - 1];
  const [q, k, v] = splitHeads(linear(p, `${name}.qkv`, x, 3 * d, biased), 3, heads);
  return [q, k, v];
}

/**
 * softmax(q kᵀ) v, scores times `scale`; a `mask` [n, keys] is added to the scores.
 * @returns what is mixed, [b, n, d], and the attention map [b, heads, n, keys]
 */
export function attend(
  [q, k, v]: Heads,
  scale = q.shape[3] ** -0.5,
  mask?: Value,
): { mixed: Value; map: Value } {
  const [b, heads, n] = q.shape;
  const scores = matmul(scale === 1 ? q : mul(q, scale), transposeLast(k));
  const map = softmax(mask ? add(scores, mask) : scores);
  return { mixed: reshape(transpose(matmul(map, v), [0, 2, 1, 3]), [b, n, heads * v.shape[3]]), map };
}

/** SigLIP's pooling (Zhai et al. 2023, after Lee et al. 2019): what one learned query takes from x [b, n, d]; [b, d]. */
export function attentionPool(
  p: Parameters,
  name: string,
  x: Value,
  heads: number,
  hidden: number,
  activation: Activation,
  epsilon: number,
): Value {
  const [b, , d] = x.shape;
  const query = linear(p, `${name}.q`, p.get(`${name}.latent`, [1, 1, d], "table"), d);
  const [k, v] = splitHeads(linear(p, `${name}.kv`, x, 2 * d), 2, heads);
  const { mixed } = attend([inHeads(expand(query, [b, 1, d]), heads), k, v]);
  const pooled = linear(p, `${name}.proj`, mixed, d);
  const thought = norm(p, `${name}.norm`, pooled, epsilon);
  return reshape(add(pooled, mlp(p, `${name}.mlp`, thought, hidden, activation)), [b, d]);
}
