import { mul, reduceMean, sub, type Value } from "@optogram/onnx";
import type { Rule } from "../rule.ts";
import { unbroadcast } from "../rule.ts";

/** For y = x̂ s with x̂ centred and scaled over `axes`: dx = r (g − mean g − x̂ mean(g x̂)), g = dy s. */
function centredGradient(g: Value, normal: Value, inverse: Value, axes: readonly number[]): Value {
  const mean = reduceMean(g, { axes, keep: true });
  const slope = reduceMean(mul(g, normal), { axes, keep: true });
  return mul(sub(sub(g, mean), mul(normal, slope)), inverse);
}

export const normalizationRules: Readonly<Record<string, Rule>> = {
  LayerNormalization: (n) => {
    const [x, scale, bias] = [n.x(0), n.x(1), n.optional(2)];
    const rank = x.shape.length;
    const axis = (n.integer("axis", -1) + rank) % rank;
    const axes = [...Array(rank).keys()].slice(axis);
    const type = { dtype: x.dtype, shape: x.shape.map((size, i) => (i < axis ? size : 1)) };
    const mean = x.graph.furtherOutput(n.y, 1, type);
    const inverse = x.graph.furtherOutput(n.y, 2, type);
    const normal = mul(sub(x, mean), inverse);
    return [
      centredGradient(mul(n.dy, scale), normal, inverse, axes),
      unbroadcast(mul(n.dy, normal), scale.shape),
      bias && unbroadcast(n.dy, bias.shape),
    ];
  },
};
