/** For every gradient rule the graphs that it is tried on. */

import * as op from "@optogram/onnx";
import { attributesOf, float, type GraphBuilder, int64, sizeOf, type Value } from "@optogram/onnx";
import { type Inputs, type Precision, type Problem, spread, whole } from "./differences.ts";

export interface Case extends Problem {
  readonly op: string;
  readonly what: string;
}

/** How an input's numbers are chosen. */
type Numbers = (count: number, seed: number) => number[];

const signed: Numbers = (count, seed) => spread(count, seed).map((x) => x * 1.5);
const positive: Numbers = (count, seed) => spread(count, seed).map((x) => 1.2 + x);
/** All different, at least 1 apart, none zero: away from ties and kinks. */
const distinct: Numbers = (count, seed) => {
  const order = spread(count, seed);
  const ranks = [...order].sort((a, b) => a - b);
  return order.map((x) => ranks.indexOf(x) - Math.floor(count / 2) + 0.5);
};

interface Shapes {
  readonly [name: string]: readonly number[] | readonly [shape: readonly number[], numbers: Numbers];
}

function isPair(entry: Shapes[string]): entry is readonly [readonly number[], Numbers] {
  return typeof entry[1] === "function";
}

function problem(
  operator: string,
  what: string,
  precision: Precision,
  shapes: Shapes,
  build: (x: Inputs, graph: GraphBuilder) => Value | readonly Value[],
): Case {
  const usual = precision === "exact" ? whole : signed;
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, entry], i) => {
      const [shape, numbers] = isPair(entry) ? entry : [entry, usual];
      return [name, { shape, data: numbers(sizeOf(shape), i + 1) }];
    }),
  );
  return { op: operator, what, precision, inputs, build };
}

/** A node that the builder has no function for. */
function node(
  operator: string,
  inputs: readonly (Value | undefined)[],
  shape: readonly number[],
  attributes: Parameters<typeof attributesOf>[0] = {},
  domain = "",
): Value {
  const first = inputs[0] as Value;
  return first.graph.node(
    operator,
    inputs,
    [{ dtype: first.dtype, shape }],
    attributesOf(attributes),
    domain,
  )[0];
}

const matrix = { x: [3, 4] };

const unary = (
  operator: string,
  f: (x: Value) => Value,
  precision: Precision = "float64",
  numbers: Numbers = signed,
) => problem(operator, "x", precision, { x: [[3, 4], numbers] }, ({ x }) => f(x));

const pairs: readonly [string, readonly number[], readonly number[]][] = [
  ["equal shapes", [2, 3], [2, 3]],
  ["a broadcast", [3], [2, 3]],
  ["b broadcast", [2, 3], [2, 1]],
  ["both broadcast", [2, 1], [4, 1, 3]],
  ["a scalar", [2, 3], []],
];

const binary = (operator: string, f: (a: Value, b: Value) => Value, numbers: Numbers = signed) =>
  pairs.map(([what, a, b]) =>
    problem(operator, what, "float64", { a: [a, numbers], b: [b, numbers] }, (x) => f(x.a, x.b)),
  );

const reductions = (operator: string, f: typeof op.reduceSum, numbers: Numbers = signed) => [
  problem(operator, "one axis", "float64", { x: [[2, 3, 2], numbers] }, ({ x }) => f(x, { axes: [1] })),
  problem(operator, "axes kept", "float64", { x: [[2, 3, 2], numbers] }, ({ x }) =>
    f(x, { axes: [0, -1], keep: true }),
  ),
  problem(operator, "all axes", "float64", { x: [[2, 3], numbers] }, ({ x }) => f(x)),
];

const arithmetic: readonly Case[] = [
  ...binary("Add", op.add),
  ...binary("Sub", op.sub),
  ...binary("Mul", op.mul),
  ...binary("Div", op.div, positive),
  ...binary("Pow", op.pow, positive),
  problem("Mul", "of a tensor with itself", "float64", matrix, ({ x }) => op.square(x)),
  ...[2, 3, 1, 0.5, -1].map((k) =>
    problem("Pow", `number ${k}`, "float64", { x: [[3], positive] }, ({ x }) => op.pow(x, k)),
  ),
  problem("Pow", "negative base, whole exponent", "float64", { x: [4] }, ({ x }) => op.pow(x, 3)),
  problem("Pow", "constant exponents of integer type", "float64", { x: [[3], positive] }, ({ x }, g) =>
    node("Pow", [x, g.constant(int64([0, 1, 3]))], [3]),
  ),
  problem("Sum", "of three", "float64", { a: [2, 3], b: [3], c: [] }, ({ a, b, c }) =>
    node("Sum", [a, b, c], [2, 3]),
  ),
  problem("Mean", "of three", "exact", { a: [2, 3], b: [3], c: [] }, ({ a, b, c }) =>
    node("Mean", [a, b, c], [2, 3]),
  ),
  problem("Min", "of three", "float64", { a: [2, 3], b: [3], c: [] }, ({ a, b, c }) => op.min(a, b, c)),
  problem("Max", "of three", "float64", { a: [2, 3], b: [3], c: [] }, ({ a, b, c }) => op.max(a, b, c)),
  problem("Where", "broadcast", "float64", { a: [2, 3], b: [1] }, ({ a, b }, g) =>
    op.where(g.constant({ dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }), a, b),
  ),
  problem("Clip", "both limits", "float64", matrix, ({ x }) => op.clip(x, -0.5, 0.4)),
  problem(
    "Clip",
    "limits that are fed",
    "float64",
    { x: [3, 4], low: [[], () => [-0.5]], high: [[], () => [0.4]] },
    (v) => node("Clip", [v.x, v.low, v.high], [3, 4]),
  ),
  problem("Clip", "one limit", "float64", matrix, ({ x }) => op.clip(x, undefined, 0.4)),
  unary("Neg", op.neg),
  unary("Abs", op.abs),
  unary("Sqrt", op.sqrt, "float64", positive),
  unary("Reciprocal", op.reciprocal, "float64", positive),
  unary("Exp", op.exp),
  unary("Log", op.log, "float64", positive),
  unary("Sin", op.sin),
  unary("Cos", op.cos),
  unary("Erf", op.erf, "float32"),
  ...["Floor", "Ceil", "Round", "Sign"].map((step) =>
    problem(step, "beside another way", "float64", matrix, ({ x }) => op.add(x, node(step, [x], x.shape))),
  ),
  unary("Identity", op.identity),
  unary("Dropout", (x) => node("Dropout", [x], x.shape)),
  problem("Cast", "there and back", "exact", matrix, ({ x }) => op.cast(op.cast(x, "float64"), "float32")),
  problem("Cast", "an integer in between", "float64", matrix, ({ x }) =>
    op.add(x, op.cast(op.cast(x, "int64"), "float64")),
  ),
];

const activations: readonly Case[] = [
  unary("Relu", op.relu),
  unary("LeakyRelu", (x) => op.leakyRelu(x, 0.25), "exact", distinct),
  problem(
    "PRelu",
    "a slope a channel",
    "exact",
    { x: [[2, 3, 2], distinct], slope: [3, 1] },
    ({ x, slope }) => node("PRelu", [x, slope], x.shape),
  ),
  unary("Elu", (x) => node("Elu", [x], x.shape, { alpha: float(0.7) }), "float32", distinct),
  unary("Sigmoid", op.sigmoid),
  unary("Tanh", op.tanh),
  unary("Softplus", op.softplus, "float32"),
  unary("Gelu", op.gelu, "float32"),
  problem("Gelu", "tanh", "float64", matrix, ({ x }) => op.gelu(x, "tanh")),
  unary("QuickGelu", op.quickGelu, "float32"),
  problem("QuickGelu", "alpha 1", "float32", { x: [2, 3] }, ({ x }) => op.quickGelu(x, 1)),
  unary("HardSwish", (x) => op.hardSwish(op.mul(x, 1.25)), "float32", distinct),
  unary("HardSigmoid", (x) => node("HardSigmoid", [op.mul(x, 0.9)], x.shape), "float32", distinct),
  problem("Softmax", "last axis", "float64", matrix, ({ x }) => op.softmax(x)),
  problem("Softmax", "another axis", "float64", { x: [2, 3, 2] }, ({ x }) => op.softmax(x, 1)),
  problem("LogSoftmax", "last axis", "float64", matrix, ({ x }) => op.logSoftmax(x)),
  problem("LogSoftmax", "another axis", "float64", { x: [2, 3, 2] }, ({ x }) => op.logSoftmax(x, -2)),
];

const products: readonly Case[] = [
  ...(
    [
      ["matrices", [2, 3], [3, 4]],
      ["a batch and a matrix", [2, 2, 3], [3, 2]],
      ["two batches", [2, 2, 3], [2, 3, 2]],
      ["batches broadcast", [2, 1, 2, 3], [3, 3, 2]],
      ["a matrix and a batch", [2, 3], [2, 3, 2]],
      ["vectors", [3], [3]],
      ["a vector and a matrix", [3], [3, 2]],
      ["a batch and a vector", [2, 2, 3], [3]],
      ["a vector and a batch", [3], [2, 3, 2]],
    ] as const
  ).map(([what, a, b]) => problem("MatMul", what, "float64", { a, b }, (v) => op.matmul(v.a, v.b))),
  ...[false, true].flatMap((transA) =>
    [false, true].map((transB) =>
      problem(
        "Gemm",
        `transA ${transA}, transB ${transB}`,
        "float64",
        { a: transA ? [3, 2] : [2, 3], b: transB ? [4, 3] : [3, 4], c: [4] },
        ({ a, b, c }) => op.gemm(a, b, c, { transA, transB, alpha: 0.5, beta: 2 }),
      ),
    ),
  ),
  problem("Gemm", "a column added", "float64", { a: [2, 3], b: [3, 2], c: [2, 1] }, ({ a, b, c }) =>
    op.gemm(a, b, c),
  ),
  problem("Gemm", "nothing added", "float64", { a: [2, 3], b: [3, 2] }, ({ a, b }) => op.gemm(a, b)),
  ...(
    [
      ["bhqd,bhkd->bhqk", [2, 2, 2, 3], [2, 2, 3, 3]],
      ["bij,jk->bik", [2, 2, 3], [3, 2]],
      ["ij,kj", [2, 3], [2, 3]],
      ["i,j->ij", [2], [3]],
      ["ij,ij->", [2, 3], [2, 3]],
      ["ij,k->k", [2, 3], [2]],
    ] as const
  ).map(([equation, a, b]) =>
    problem("Einsum", equation, "float64", { a, b }, (v) => op.einsum(equation, v.a, v.b)),
  ),
  problem("Einsum", "three operands", "float64", { a: [2, 3], b: [3, 2], c: [2, 2] }, ({ a, b, c }) =>
    op.einsum("ij,jk,kl->il", a, b, c),
  ),
  problem("Einsum", "one operand", "float64", { a: [2, 3] }, ({ a }) => op.einsum("ij->j", a)),
  problem("Einsum", "an ellipsis", "float64", { a: [2, 2, 2, 3], b: [3, 2] }, ({ a, b }) =>
    op.einsum("...ij, jk -> ...ik", a, b),
  ),
];

const convolutions: readonly Case[] = [
  ...(
    [
      ["1 × 1", [2, 2, 3, 3], [3, 2, 1, 1], {}],
      ["3 × 3 with padding", [2, 2, 4, 3], [3, 2, 3, 3], { padding: 1 }],
      ["3 × 3, few outputs", [2, 4, 4, 3], [1, 4, 3, 2], { padding: 1 }],
      ["3 × 3, few inputs", [2, 1, 3, 4], [4, 1, 2, 3], { padding: 1 }],
      ["stride along one axis", [1, 2, 5, 4], [2, 2, 3, 3], { stride: [2, 1], padding: 1 }],
      ["more padding than reach", [1, 1, 3, 3], [1, 1, 2, 1], { padding: [2, 1, 0, 2] }],
      ["stride 2, rest at the end", [1, 2, 6, 5], [2, 2, 3, 2], { stride: 2, padding: [1, 0, 0, 1] }],
      ["1 × 1, stride 2", [1, 2, 4, 5], [2, 2, 1, 1], { stride: 2 }],
      ["dilation 2", [1, 2, 5, 5], [2, 2, 2, 2], { dilation: 2, padding: 1 }],
      ["stride and dilation", [1, 1, 7, 6], [1, 1, 2, 3], { stride: [2, 1], dilation: [3, 2], padding: 1 }],
      ["1 × 1, two groups", [2, 4, 2, 3], [6, 2, 1, 1], { groups: 2, stride: [1, 2] }],
      ["1 × 1 with padding", [1, 2, 2, 3], [2, 2, 1, 1], { padding: 1, stride: 2 }],
      ["two groups", [1, 4, 4, 4], [4, 2, 3, 3], { groups: 2, padding: 1 }],
      ["two groups, stride 2", [1, 4, 5, 4], [6, 2, 3, 3], { groups: 2, padding: 1, stride: 2 }],
      ["depthwise", [2, 3, 4, 4], [3, 1, 3, 3], { groups: 3, padding: 1 }],
      [
        "depthwise, small map",
        [4, 2, 4, 3],
        [2, 1, 3, 2],
        { groups: 2, stride: [2, 1], padding: [2, 1, 0, 1] },
      ],
      ["depthwise, large map", [1, 2, 7, 6], [2, 1, 3, 3], { groups: 2, padding: 1 }],
      ["depthwise, rest at the end", [2, 2, 7, 8], [2, 1, 3, 2], { groups: 2, stride: 3, dilation: [1, 2] }],
      ["depthwise, two outputs each", [1, 2, 4, 4], [4, 1, 3, 3], { groups: 2, stride: 2, padding: 1 }],
      ["patches", [2, 3, 4, 6], [4, 3, 2, 3], { stride: [2, 3] }],
      ["patches, rest at the end", [1, 2, 5, 7], [2, 2, 2, 3], { stride: [2, 3] }],
      ["one axis", [2, 2, 6], [3, 2, 3], { padding: 1 }],
      ["three axes", [1, 2, 3, 3, 3], [2, 2, 2, 2, 2], { padding: 0 }],
    ] as const
  ).map(([what, x, w, options]) =>
    problem("Conv", what, "exact", { x, w, b: [w[0]] }, (v) => op.conv(v.x, v.w, v.b, options)),
  ),
  ...(
    [
      ["SAME_UPPER", [1, 2, 3, 3]],
      ["SAME_LOWER", [1, 2, 3, 3]],
      ["VALID", [1, 2, 2, 1]],
    ] as const
  ).map(([auto_pad, y]) =>
    problem("Conv", `auto_pad ${auto_pad}`, "exact", { x: [1, 2, 6, 5], w: [2, 2, 3, 4] }, ({ x, w }) =>
      node("Conv", [x, w], y, { auto_pad, strides: [2, 2] }),
    ),
  ),
  ...(
    [
      ["stride 1", [2, 2, 3, 3], [2, 3, 3, 3], { padding: 1 }],
      ["stride 2, kernel 4", [2, 2, 2, 3], [2, 3, 4, 4], { stride: 2, padding: 1 }],
      ["output padding", [1, 2, 3, 2], [2, 2, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }],
      ["stride = kernel", [1, 2, 2, 2], [2, 2, 2, 2], { stride: 2 }],
      ["dilation and stride", [1, 2, 3, 2], [2, 1, 2, 2], { stride: 2, dilation: 3, padding: [0, 1, 1, 0] }],
      ["two groups", [1, 4, 2, 3], [4, 3, 3, 3], { groups: 2, stride: 2, padding: 1 }],
      ["depthwise", [1, 3, 3, 3], [3, 1, 3, 3], { groups: 3, padding: 1 }],
      ["depthwise, stride 2", [2, 3, 3, 2], [3, 1, 3, 3], { groups: 3, stride: 2, outputPadding: 1 }],
      ["1 × 1, stride 2", [1, 2, 2, 3], [2, 3, 1, 1], { stride: 2, outputPadding: 1 }],
      ["one axis", [1, 2, 4], [2, 2, 3], { stride: 2 }],
    ] as const
  ).map(([what, x, w, options]) =>
    problem(
      "ConvTranspose",
      what,
      "exact",
      { x, w, b: [w[1] * ("groups" in options ? options.groups : 1)] },
      (v) => op.convTranspose(v.x, v.w, v.b, options),
    ),
  ),
  ...["SAME_UPPER", "SAME_LOWER"].map((auto_pad) =>
    problem(
      "ConvTranspose",
      `auto_pad ${auto_pad}`,
      "exact",
      { x: [1, 1, 2, 3], w: [1, 2, 3, 4] },
      ({ x, w }) => node("ConvTranspose", [x, w], [1, 2, 4, 6], { auto_pad, strides: [2, 2] }),
    ),
  ),
  problem("ConvTranspose", "output_shape", "exact", { x: [1, 1, 2, 3], w: [1, 2, 3, 3] }, ({ x, w }) =>
    node("ConvTranspose", [x, w], [1, 2, 4, 5], { output_shape: [4, 5], strides: [2, 2] }),
  ),
];

const pooling: readonly Case[] = [
  problem("GlobalAveragePool", "two axes", "exact", { x: [2, 2, 2, 4] }, ({ x }) => op.globalAveragePool(x)),
  problem("GlobalMaxPool", "two axes", "exact", { x: [[2, 2, 2, 3], distinct] }, ({ x }) =>
    node("GlobalMaxPool", [x], [2, 2, 1, 1]),
  ),
  ...(
    [
      ["apart", { kernel: [2, 2], stride: 2 }],
      ["overlapping", { kernel: [3, 2], stride: [2, 1] }],
      ["padding left out", { kernel: [3, 3], stride: 2, padding: 1 }],
      ["padding counted", { kernel: [3, 3], stride: 2, padding: 1, countPadding: true }],
    ] as const
  ).map(([what, options]) =>
    problem("AveragePool", what, "exact", { x: [1, 2, 5, 4] }, ({ x }) => op.averagePool(x, options)),
  ),
  ...[0, 1].map((count_include_pad) =>
    problem(
      "AveragePool",
      `ceil_mode, pads counted ${count_include_pad}`,
      "exact",
      { x: [1, 1, 6] },
      ({ x }) =>
        node("AveragePool", [x], [1, 1, 4], {
          kernel_shape: [3],
          strides: [2],
          pads: [1, 1],
          ceil_mode: 1,
          count_include_pad,
        }),
    ),
  ),
  problem("AveragePool", "SAME_UPPER", "exact", { x: [1, 1, 5] }, ({ x }) =>
    node("AveragePool", [x], [1, 1, 3], { kernel_shape: [2], strides: [2], auto_pad: "SAME_UPPER" }),
  ),
  ...(
    [
      ["apart", { kernel: [2, 2], stride: 2 }],
      ["overlapping", { kernel: [3, 3], stride: 2, padding: 1 }],
    ] as const
  ).map(([what, options]) =>
    problem("MaxPool", what, "float64", { x: [[2, 2, 5, 4], distinct] }, ({ x }) => op.maxPool(x, options)),
  ),
];

const resampling: readonly Case[] = [
  problem("Resize", "linear, larger", "exact", { x: [1, 2, 2, 3] }, ({ x }) =>
    op.resize(x, [4, 6], "linear"),
  ),
  problem("Resize", "linear, smaller", "exact", { x: [1, 1, 6, 4] }, ({ x }) =>
    op.resize(x, [3, 3], "linear"),
  ),
  problem("Resize", "nearest, larger", "exact", { x: [1, 2, 2, 3] }, ({ x }) =>
    op.resize(x, [4, 6], "nearest"),
  ),
  problem("Resize", "nearest, uneven", "exact", { x: [1, 1, 3, 5] }, ({ x }) =>
    op.resize(x, [5, 3], "nearest"),
  ),
  ...["align_corners", "asymmetric", "pytorch_half_pixel", "half_pixel_symmetric"].flatMap((mode) =>
    ["linear", "nearest"].map((kind) =>
      problem("Resize", `${kind}, ${mode}, scales`, "exact", { x: [1, 1, 3, 2] }, ({ x }, g) =>
        node("Resize", [x, undefined, g.constant(op.float32([1, 1, 2, 2.5]))], [1, 1, 6, 5], {
          mode: kind,
          coordinate_transformation_mode: mode,
        }),
      ),
    ),
  ),
  problem("Resize", "chosen axes", "exact", { x: [1, 1, 3, 2] }, ({ x }, g) =>
    node("Resize", [x, undefined, undefined, g.integers([5])], [1, 1, 3, 5], { mode: "linear", axes: [3] }),
  ),
  problem("Pad", "zeros", "float64", { x: [2, 3] }, ({ x }) => op.pad(x, [1, 0], [0, 2], 0.5)),
  problem("Pad", "cut and pad", "float64", { x: [2, 4] }, ({ x }) => op.pad(x, [1, -1], [0, -2])),
  ...(["reflect", "edge", "wrap"] as const).map((mode) =>
    problem("Pad", mode, "float64", { x: [2, 3, 2] }, ({ x }, g) =>
      node("Pad", [x, g.integers([0, 2, 1, 1, 1, 0])], [3, 6, 3], { mode }),
    ),
  ),
  problem("Pad", "chosen axes", "float64", { x: [2, 3] }, ({ x }, g) =>
    node("Pad", [x, g.integers([1, 2]), undefined, g.integers([-1])], [2, 6]),
  ),
];

const norms: readonly Case[] = [
  problem("LayerNormalization", "last axis", "float64", { x: [2, 3, 4], scale: [4], bias: [4] }, (v) =>
    op.layerNormalization(v.x, v.scale, v.bias),
  ),
  problem("LayerNormalization", "two axes, no bias", "float64", { x: [2, 3, 2], scale: [3, 2] }, (v) =>
    op.layerNormalization(v.x, v.scale, undefined, 1e-3, 1),
  ),
  problem("RMSNormalization", "last axis", "float64", { x: [2, 3, 4], scale: [4] }, (v) =>
    op.rmsNormalization(v.x, v.scale),
  ),
  problem("RMSNormalization", "two axes", "float64", { x: [2, 3, 2], scale: [3, 2] }, (v) =>
    op.rmsNormalization(v.x, v.scale, 1e-3, 1),
  ),
  problem("GroupNormalization", "two groups", "float32", { x: [2, 4, 3], scale: [4], bias: [4] }, (v) =>
    op.groupNormalization(v.x, v.scale, v.bias, 2),
  ),
  problem("InstanceNormalization", "two axes", "float32", { x: [2, 2, 2, 3], scale: [2], bias: [2] }, (v) =>
    op.instanceNormalization(v.x, v.scale, v.bias, 0.1),
  ),
  problem(
    "BatchNormalization",
    "stored statistics",
    "float64",
    { x: [2, 3, 2, 2], scale: [3], bias: [3], mean: [3], variance: [[3], positive] },
    (v) => op.batchNormalization(v.x, v.scale, v.bias, v.mean, v.variance),
  ),
  problem(
    "BatchNormalization",
    "the batch's statistics",
    "float64",
    { x: [3, 2, 2, 2], scale: [2], bias: [2] },
    (v) => op.batchNormalizationByBatch(v.x, v.scale, v.bias).y,
  ),
  problem(
    "BatchNormalization",
    "training with momentum",
    "float64",
    { x: [3, 2, 4], scale: [2], bias: [2] },
    (v, g) => {
      const stored = g.constant({ dtype: "float64", shape: [2], data: Float64Array.of(3, 7) });
      const variance = g.constant({ dtype: "float64", shape: [2], data: Float64Array.of(2, 1) });
      const types = [[3, 2, 4], [2], [2]].map((shape) => ({ dtype: "float64" as const, shape }));
      const attributes = attributesOf({ training_mode: 1, momentum: float(0.9) });
      return g.node("BatchNormalization", [v.x, v.scale, v.bias, stored, variance], types, attributes)[0];
    },
  ),
  problem(
    "BatchNormalization",
    "of a matrix",
    "float64",
    { x: [4, 2], scale: [2], bias: [2] },
    (v) => op.batchNormalizationByBatch(v.x, v.scale, v.bias).y,
  ),
  problem("LpNormalization", "last axis", "float64", matrix, ({ x }) =>
    node("LpNormalization", [x], x.shape, { axis: -1 }),
  ),
];

const shapes: readonly Case[] = [
  problem("Reshape", "x", "float64", matrix, ({ x }) => op.reshape(x, [2, 6])),
  problem("Flatten", "x", "float64", { x: [2, 3, 2] }, ({ x }) => node("Flatten", [x], [2, 6], { axis: 1 })),
  problem("Squeeze", "x", "float64", { x: [2, 1, 3] }, ({ x }) => op.squeeze(x, [1])),
  problem("Unsqueeze", "x", "float64", matrix, ({ x }) => op.unsqueeze(x, [0, -1])),
  problem("Transpose", "a permutation", "float64", { x: [2, 3, 2] }, ({ x }) => op.transpose(x, [2, 0, 1])),
  problem("Transpose", "none given", "float64", { x: [2, 3] }, ({ x }) => node("Transpose", [x], [3, 2])),
  problem("Concat", "three", "float64", { a: [2, 3], b: [2, 1], c: [2, 2] }, ({ a, b, c }) =>
    op.concat([a, b, c], -1),
  ),
  problem("Split", "all parts", "float64", { x: [2, 6] }, ({ x }) => op.split(x, [1, 2, 3], 1)),
  problem("Split", "one part read", "float64", { x: [2, 6] }, ({ x }) => op.split(x, [1, 2, 3], -1)[1]),
  problem("Slice", "one axis", "float64", { x: [3, 5] }, ({ x }) => op.slice(x, 1, 1, -1)),
  problem("Slice", "steps", "float64", { x: [3, 7] }, ({ x }) => op.slice(x, 1, 1, 100, 3)),
  problem("Slice", "backwards", "float64", { x: [3, 7] }, ({ x }) => op.slice(x, 1, -2, -100, -2)),
  problem("Slice", "several axes, to the end", "float64", { x: [3, 4, 3] }, ({ x }) =>
    op.sliceAxes(x, [0, 2], [1, -2], [2 ** 62, 2 ** 53], [1, 1]),
  ),
  problem("Slice", "steps along two axes", "float64", { x: [5, 4] }, ({ x }) =>
    op.sliceAxes(x, [0, 1], [0, 3], [5, -10], [2, -2]),
  ),
  problem("Expand", "new and grown axes", "float64", { x: [3, 1] }, ({ x }) => op.expand(x, [2, 3, 4])),
  problem("Tile", "two axes", "float64", { x: [2, 3] }, ({ x }) => op.tile(x, [2, 3])),
  ...["DCR", "CRD"].map((mode) =>
    problem("DepthToSpace", mode, "float64", { x: [2, 8, 1, 2] }, ({ x }) =>
      node("DepthToSpace", [x], [2, 2, 2, 4], { blocksize: 2, mode }),
    ),
  ),
  problem("SpaceToDepth", "x", "float64", { x: [2, 2, 2, 4] }, ({ x }) =>
    node("SpaceToDepth", [x], [2, 8, 1, 2], { blocksize: 2 }),
  ),
];

const indexing: readonly Case[] = [
  problem("Gather", "repeated and negative", "float64", { x: [4, 3] }, ({ x }, g) =>
    op.gather(x, g.constant(int64([1, -1, 1, 0], [2, 2]))),
  ),
  problem("Gather", "another axis", "float64", { x: [2, 4, 2] }, ({ x }, g) =>
    op.gather(x, g.constant(int64([3, 0, -4, 3])), 1),
  ),
  problem("Gather", "one element", "float64", { x: [2, 4, 2] }, ({ x }, g) =>
    op.gather(x, g.constant(int64([-2], [])), 1),
  ),
  problem("Gather", "int32", "float64", { x: [4, 3] }, ({ x }, g) =>
    op.gather(x, g.constant({ dtype: "int32", shape: [3], data: Int32Array.of(2, 2, -4) })),
  ),
  problem("Gather", "many rows", "float64", { x: [600, 1] }, ({ x }, g) =>
    op.gather(x, g.constant(int64([7, -1, 7, 511, 512]))),
  ),
  problem("GatherElements", "repeated", "float64", { x: [3, 3] }, ({ x }, g) =>
    op.gatherElements(x, g.constant(int64([0, 1, 0, 0, -1, 0], [2, 3])), 0),
  ),
  problem("GatherND", "rows", "float64", { x: [2, 3, 2] }, ({ x }, g) =>
    op.gatherNd(x, g.constant(int64([0, 1, 1, -1, 0, 1], [3, 2]))),
  ),
  problem("GatherND", "in a batch", "float64", { x: [2, 3, 2] }, ({ x }, g) =>
    node("GatherND", [x, g.constant(int64([0, 2, 1, 1], [2, 2, 1]))], [2, 2, 2], { batch_dims: 1 }),
  ),
  problem("GatherND", "one of each in a batch", "float64", { x: [2, 3, 2] }, ({ x }, g) =>
    node("GatherND", [x, g.constant(int64([2, -1], [2, 1]))], [2, 2], { batch_dims: 1 }),
  ),
  problem("ScatterND", "written", "float64", { x: [4, 2], u: [2, 2] }, ({ x, u }, g) =>
    op.scatterNd(x, g.constant(int64([2, 0], [2, 1])), u),
  ),
  problem("ScatterND", "added", "float64", { x: [4, 2], u: [3, 2] }, ({ x, u }, g) =>
    op.scatterNd(x, g.constant(int64([2, 0, 2], [3, 1])), u, "add"),
  ),
  problem("ScatterElements", "written", "float64", { x: [3, 3], u: [2, 3] }, ({ x, u }, g) =>
    op.scatterElements(x, g.constant(int64([0, 1, 2, 1, 2, 0], [2, 3])), u, 0),
  ),
  problem("ScatterElements", "added", "float64", { x: [3, 3], u: [2, 3] }, ({ x, u }, g) =>
    op.scatterElements(x, g.constant(int64([0, 1, 2, 0, 2, -1], [2, 3])), u, 1, "add"),
  ),
];

const overAxes: readonly Case[] = [
  ...reductions("ReduceSum", op.reduceSum),
  ...reductions("ReduceMean", op.reduceMean),
  ...reductions("ReduceMax", op.reduceMax, distinct),
  ...reductions("ReduceMin", op.reduceMin, distinct),
  ...reductions("ReduceL1", op.reduceL1),
  ...reductions("ReduceL2", op.reduceL2),
  ...reductions("ReduceSumSquare", op.reduceSumSquare),
  ...reductions("ReduceLogSumExp", op.reduceLogSumExp),
  ...[false, true].flatMap((exclusive) =>
    [false, true].map((reverse) =>
      problem("CumSum", `exclusive ${exclusive}, reverse ${reverse}`, "float64", { x: [2, 4] }, ({ x }) =>
        op.cumSum(x, -1, { exclusive, reverse }),
      ),
    ),
  ),
  problem("TopK", "the largest", "float64", { x: [[2, 5], distinct] }, ({ x }) => op.topK(x, 2).values),
  problem(
    "TopK",
    "the smallest, another axis",
    "float64",
    { x: [[4, 2], distinct] },
    ({ x }) => op.topK(x, 3, 0, { largest: false }).values,
  ),
];

export const cases: readonly Case[] = [
  ...arithmetic,
  ...activations,
  ...products,
  ...convolutions,
  ...pooling,
  ...resampling,
  ...norms,
  ...shapes,
  ...indexing,
  ...overAxes,
];
