/** Pairwise sigmoid contrast between images and texts (Zhai et al. 2023, SigLIP, section 3.2). */

import type { Weights } from "@optogram/networks";
import {
  add,
  div,
  exp,
  matmul,
  mul,
  reduceL2,
  reduceSum,
  softplus,
  transpose,
  type Value,
} from "@optogram/onnx";

/** Rows at unit length. */
export function unitLength(x: Value): Value {
  return div(x, add(reduceL2(x, { axes: [-1], keep: true }), 1e-6));
}

/**
 * Σᵢⱼ log(1 + exp(−zᵢⱼ (t xᵢ·yⱼ + b))) / n for unit embeddings images [n, d] and texts [m, d], zᵢⱼ = 1 where text j
 * describes image i, else −1. Temperature t = exp(t′) starts at 10, bias b at −10.
 */
export function sigmoidLoss(w: Weights, images: Value, texts: Value, matches: Value): Value {
  const temperature = exp(w.scalar("logit.temperature", Math.log(10)));
  const cosines = matmul(images, transpose(texts));
  const logits = add(mul(cosines, temperature), w.scalar("logit.bias", -10));
  return mul(reduceSum(softplus(mul(mul(matches, logits), -1))), 1 / images.shape[0]);
}
