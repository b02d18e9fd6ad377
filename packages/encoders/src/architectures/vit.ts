/**
 * The vision transformer (Dosovitskiy et al. 2021) and what became of it: CLIP (Radford et al. 2021), SigLIP (Zhai et
 * al. 2023), MAE (He et al. 2022), DINOv2 with and without registers (Oquab et al. 2024; Darcet et al. 2024), InternViT
 * (Chen et al. 2024).
 */

import { add, reduceMean, slice, squeeze, type Value } from "@optogram/onnx";
import { attend, attentionPool, jointHeads } from "./attention.ts";
import { activations, linear, mlp, norm, patchTokens, prepend, scaled } from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import type { Family } from "./schema.ts";

/** Every tensor that can be asked for, by name. */
export type Trace = Map<string, Value>;

export function vit(p: Parameters, a: Family<"vit">, images: Value): Trace {
  const trace: Trace = new Map();
  const prefix = (a.classToken ? 1 : 0) + a.registers;
  const hidden = Math.floor(a.width * a.expansion);
  const activation = activations[a.activation];

  const patches = patchTokens(p, images, a.width, a.patch, !a.preNorm);
  const withPrefix = (tokens: Value) =>
    prepend(p, tokens, [
      ["cls_token", a.classToken ? 1 : 0],
      ["reg_token", a.registers],
    ]);
  let x = a.positions === "all" ? placed(p, withPrefix(patches)) : withPrefix(placed(p, patches));
  if (a.preNorm) x = norm(p, "norm_pre", x, a.epsilon);

  for (let i = 0; i < a.depth; i++) {
    const block = `blocks.${i}`;
    const scale = (branch: number) => (a.layerScale ? `${block}.ls${branch}.gamma` : undefined);
    const seen = jointHeads(p, `${block}.attn`, norm(p, `${block}.norm1`, x, a.epsilon), a.heads, true);
    const { mixed, map } = attend(seen);
    x = add(x, scaled(p, linear(p, `${block}.attn.proj`, mixed, a.width), scale(1)));
    const thought = norm(p, `${block}.norm2`, x, a.epsilon);
    x = add(x, scaled(p, mlp(p, `${block}.mlp`, thought, hidden, activation), scale(2)));
    trace.set(`attention.${i}`, map).set(`block.${i}`, x);
  }

  const tokens = a.finalNorm ? norm(p, "norm", x, a.epsilon) : x;
  const embedding =
    a.pool === "attention"
      ? attentionPool(p, "attn_pool", withoutPrefix(tokens, prefix), a.heads, hidden, activation, a.epsilon)
      : pooled(tokens, a.pool, prefix);
  return trace.set("tokens", tokens).set("embedding", embedding);
}

/** Tokens [b, n, d] with their learned positions added. */
export function placed(p: Parameters, tokens: Value): Value {
  return add(tokens, p.get("pos_embed", [1, ...tokens.shape.slice(1)], "table"));
}

/** The class token of [b, n, d], or the mean of what comes after the prefix: [b, d]. */
export function pooled(tokens: Value, pool: "token" | "mean", prefix: number): Value {
  if (pool === "token") return squeeze(slice(tokens, 1, 0, 1), [1]);
  return reduceMean(withoutPrefix(tokens, prefix), { axes: [1] });
}

const withoutPrefix = (tokens: Value, prefix: number) => slice(tokens, 1, prefix, tokens.shape[1]);
