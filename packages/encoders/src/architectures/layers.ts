/** Layers that the families share. Names are timm's. */

import {
  concat,
  conv,
  expand,
  gelu,
  gemm,
  layerNormalization,
  mul,
  quickGelu,
  reshape,
  sigmoid,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Parameters } from "./parameters.ts";

const widthOf = (x: Value) => x.shape[x.shape.length - 1];

/** x [..., inputs] Wᵀ + b, W [outputs, inputs]. */
export function linear(p: Parameters, name: string, x: Value, outputs: number, biased = true): Value {
  const inputs = widthOf(x);
  const weight = p.get(`${name}.weight`, [outputs, inputs], "weight");
  const bias = biased ? p.get(`${name}.bias`, [outputs], "bias") : undefined;
  const y = gemm(reshape(x, [-1, inputs]), weight, bias, { transB: true });
  return reshape(y, [...x.shape.slice(0, -1), outputs]);
}

/** LayerNorm over the last axis. */
export function norm(p: Parameters, name: string, x: Value, epsilon: number): Value {
  const shape = [widthOf(x)];
  const scale = p.get(`${name}.weight`, shape, "scale");
  return layerNormalization(x, scale, p.get(`${name}.bias`, shape, "bias"), epsilon);
}

/** LayerNorm over the channels of a map [b, c, h, w]. */
export function channelNorm(p: Parameters, name: string, x: Value, epsilon: number): Value {
  return channelsFirst(norm(p, name, channelsLast(x), epsilon));
}

/** [b, c, h, w] as [b, h, w, c]. */
export const channelsLast = (x: Value): Value => transpose(x, [0, 2, 3, 1]);
/** [b, h, w, c] as [b, c, h, w]. */
export const channelsFirst = (x: Value): Value => transpose(x, [0, 3, 1, 2]);

export type Activation = (x: Value) => Value;
export const activations: Readonly<Record<"gelu" | "quick-gelu", Activation>> = {
  gelu: (x) => gelu(x),
  "quick-gelu": (x) => quickGelu(x),
};

/** One hidden layer. */
export function mlp(
  p: Parameters,
  name: string,
  x: Value,
  hidden: number,
  activation = activations.gelu,
): Value {
  return linear(p, `${name}.fc2`, activation(linear(p, `${name}.fc1`, x, hidden)), widthOf(x));
}

/** One hidden layer, silu(x Wg) ⊙ (x Wx) (SwiGLU, Shazeer 2020), normalised where `epsilon` is given. */
export function gatedMlp(p: Parameters, name: string, x: Value, hidden: number, epsilon?: number): Value {
  const gate = linear(p, `${name}.fc1_g`, x, hidden);
  const open = mul(mul(gate, sigmoid(gate)), linear(p, `${name}.fc1_x`, x, hidden));
  const inner = epsilon === undefined ? open : norm(p, `${name}.norm`, open, epsilon);
  return linear(p, `${name}.fc2`, inner, widthOf(x));
}

/** Layer scale (Touvron et al. 2021): a branch [..., d] times a vector, where the network has one. */
export function scaled(p: Parameters, branch: Value, name?: string): Value {
  return name === undefined ? branch : mul(branch, p.get(name, [widthOf(branch)], "scale"));
}

/** images [b, 3, h, w] as a map of patches [b, h / patch, w / patch, width]. */
export function patchMap(p: Parameters, images: Value, width: number, patch: number, biased = true): Value {
  const name = "patch_embed.proj";
  const weight = p.get(`${name}.weight`, [width, 3, patch, patch], "weight");
  const bias = biased ? p.get(`${name}.bias`, [width], "bias") : undefined;
  return channelsLast(conv(images, weight, bias, { stride: patch }));
}

/** images [b, 3, h, w] as tokens [b, patches, width], row by row. */
export function patchTokens(
  p: Parameters,
  images: Value,
  width: number,
  patch: number,
  biased = true,
): Value {
  return reshape(patchMap(p, images, width, patch, biased), [images.shape[0], -1, width]);
}

/** Learned tokens (name, how many) before x [b, n, d]. */
export function prepend(p: Parameters, x: Value, tokens: readonly (readonly [string, number])[]): Value {
  const [b, , d] = x.shape;
  const before = tokens
    .filter(([, n]) => n > 0)
    .map(([name, n]) => expand(p.get(name, [1, n, d], "table"), [b, n, d]));
  return before.length === 0 ? x : concat([...before, x], 1);
}
