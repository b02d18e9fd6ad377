import {
  add,
  attributesOf,
  cast,
  div,
  filled,
  float,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  reshape,
  sizeOf,
  sqrt,
  sub,
  type Value,
} from "@optogram/onnx";
import { type Rule, type RuleNode, range, unbroadcast } from "../rule.ts";
import { batchGradients } from "./batch-normalization.ts";

/** x̂ = (x − mean) r along the axes from `axis` on, and r = 1 / √(variance + ε), by one kernel. */
function standardized(x: Value, axis: number, epsilon: number): { normal: Value; inverse: Value } {
  const size = sizeOf(x.shape.slice(axis));
  // ONNX Runtime takes longer to broadcast a scale than to read it, so it is spelt out where that is little to keep.
  const ones = x.graph.constant(filled(x.dtype, size <= 4096 ? x.shape.slice(axis) : [1], 1));
  const statistic = x.shape.map((size, i) => (i < axis ? size : 1));
  const [normal, , inverse] = x.graph.node(
    "LayerNormalization",
    [x, ones],
    [
      { dtype: x.dtype, shape: x.shape },
      { dtype: "float32", shape: statistic },
      { dtype: "float32", shape: statistic },
    ],
    attributesOf({ axis, epsilon: float(epsilon) }),
  );
  return { normal, inverse: cast(inverse, x.dtype) };
}

/** dx = r (g − mean g − x̂ mean(g x̂)) for y = x̂ s and g = dy s. */
function centredGradient(g: Value, normal: Value, inverse: Value, axes: readonly number[]): Value {
  const mean = reduceMean(g, { axes, keep: true });
  const slope = reduceMean(mul(g, normal), { axes, keep: true });
  return mul(sub(sub(g, mean), mul(normal, slope)), inverse);
}

/** x [n, c, ...] in groups of channels: each group of each image is normalised, each channel scaled. */
function groupGradients(n: RuleNode, groups: number): Value[] {
  const [x, scale] = [n.x(0), n.x(1)];
  const [batch, channels, ...spatial] = x.shape;
  const grouped = [batch, groups, sizeOf(x.shape) / (batch * groups)];
  const { normal, inverse } = standardized(reshape(x, grouped), 2, n.float("epsilon", 1e-5));
  const perChannel = reshape(scale, [channels, ...spatial.map(() => 1)]);
  const g = reshape(mul(n.dy, perChannel), grouped);
  const axes = [0, ...range(x.shape.length).slice(2)];
  return [
    reshape(centredGradient(g, normal, inverse, [2]), x.shape),
    reduceSum(mul(n.dy, reshape(normal, x.shape)), { axes }),
    reduceSum(n.dy, { axes }),
  ];
}

export const normalizationRules: Readonly<Record<string, Rule>> = {
  LayerNormalization: (n) => {
    const [x, scale, bias] = [n.x(0), n.x(1), n.optional(2)];
    const axis = n.axis(-1);
    const { normal, inverse } = standardized(x, axis, n.float("epsilon", 1e-5));
    return [
      centredGradient(mul(n.dy, scale), normal, inverse, range(x.shape.length).slice(axis)),
      unbroadcast(mul(n.dy, normal), scale.shape),
      bias && unbroadcast(n.dy, bias.shape),
    ];
  },
  GroupNormalization: (n) => groupGradients(n, n.integer("num_groups", 1)),
  InstanceNormalization: (n) => groupGradients(n, n.x().shape[1]),
  // dx = r (g − x̂ mean(g x̂)) for x̂ = x r, r = 1 / √(mean x² + ε), g = dy s
  RMSNormalization: (n) => {
    const [x, scale] = [n.x(0), n.x(1)];
    const axes = range(x.shape.length).slice(n.axis(-1));
    const size = sizeOf(x.shape.slice(axes[0]));
    const mean = mul(reduceSumSquare(x, { axes, keep: true }), 1 / size);
    const inverse = div(1, sqrt(add(mean, n.float("epsilon", 1e-5))));
    const normal = mul(x, inverse);
    const g = mul(n.dy, scale);
    const slope = reduceMean(mul(g, normal), { axes, keep: true });
    return [mul(sub(g, mul(normal, slope)), inverse), unbroadcast(mul(n.dy, normal), scale.shape)];
  },
  BatchNormalization: batchGradients,
  // x / √Σx²: along the one axis, which stays
  LpNormalization: (n) => {
    if (n.integer("p", 2) !== 2) throw n.unsupported("p other than 2");
    const axes = [n.axis(-1)];
    const norm = sqrt(reduceSumSquare(n.x(), { axes, keep: true }));
    const along = reduceSum(mul(n.dy, n.y), { axes, keep: true });
    return [div(add(n.dy, neg(mul(n.y, along))), norm)];
  },
};
