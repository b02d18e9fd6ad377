/**
 * Vision transformers with rotary positions: EVA-02 (Fang et al. 2023; CLIP by Sun et al. 2023), DINOv3 (Siméoni et al.
 * 2025).
 */

import { add, type Value } from "@optogram/onnx";
import { attend, type Heads, inHeads, jointHeads } from "./attention.ts";
import { gatedMlp, linear, mlp, norm, patchTokens, prepend, scaled } from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import { rotation } from "./rotary.ts";
import type { Family } from "./schema.ts";
import { placed, pooled, type Trace } from "./vit.ts";

export function eva(p: Parameters, a: Family<"eva">, images: Value): Trace {
  const trace: Trace = new Map();
  const prefix = 1 + a.registers;
  const hidden = Math.ceil(Math.floor(a.width * a.expansion) / a.align) * a.align;
  const [, , height, width] = images.shape;
  const grid = [height / a.patch, width / a.patch] as const;
  const turn = rotation(p.graph, a.rotary, grid, prefix, a.width / a.heads);

  const patches = patchTokens(p, images, a.width, a.patch);
  let x = prepend(p, patches, [
    ["cls_token", 1],
    ["reg_token", a.registers],
  ]);
  if (a.positions) x = placed(p, x);

  for (let i = 0; i < a.depth; i++) {
    const block = `blocks.${i}`;
    const scale = (branch: number) => (a.layerScale ? `${block}.gamma_${branch}` : undefined);
    const seen = norm(p, `${block}.norm1`, x, a.epsilon);
    const [q, k, v] =
      a.projections === "joint"
        ? jointHeads(p, `${block}.attn`, seen, a.heads, false)
        : separateHeads(p, `${block}.attn`, seen, a.heads);
    const { mixed, map } = attend([turn(q), turn(k), v]);
    const whole = a.subNorm ? norm(p, `${block}.attn.norm`, mixed, a.epsilon) : mixed;
    x = add(x, scaled(p, linear(p, `${block}.attn.proj`, whole, a.width), scale(1)));
    const thought = norm(p, `${block}.norm2`, x, a.epsilon);
    const inner = a.gated
      ? gatedMlp(p, `${block}.mlp`, thought, hidden, a.subNorm ? a.epsilon : undefined)
      : mlp(p, `${block}.mlp`, thought, hidden);
    x = add(x, scaled(p, inner, scale(2)));
    trace.set(`attention.${i}`, map).set(`block.${i}`, x);
  }

  const tokens = norm(p, "norm", x, a.epsilon);
  return trace.set("tokens", tokens).set("embedding", pooled(tokens, a.pool, prefix));
}

/** A bias of keys would add the same to all scores of a query, so there is none. */
function separateHeads(p: Parameters, name: string, x: Value, heads: number): Heads {
  const project = (part: string, biased: boolean) =>
    inHeads(linear(p, `${name}.${part}_proj`, x, x.shape[x.shape.length - 1], biased), heads);
  return [project("q", true), project("k", false), project("v", true)];
}
