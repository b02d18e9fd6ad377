import { conv, convTranspose, flip, reduceSum, reshape, transpose, type Value } from "@optogram/onnx";
import { type Rule, type RuleNode, range } from "../rule.ts";
import { depthwiseGradients } from "./depthwise.ts";
import { padSpatial, stridedWeightGradient, weightGradient } from "./weight-gradient.ts";
import { extent, spatial, type Window, windowOf } from "./window.ts";

function optionsOf(w: Window, groups: number) {
  return { stride: w.strides, padding: [...w.before, ...w.after], dilation: w.dilations, groups };
}

const biasGradient = (n: RuleNode) =>
  n.optional(2) && reduceSum(n.dy, { axes: [0, ...range(n.dy.shape.length).slice(2)] });

export const convolutionRules: Readonly<Record<string, Rule>> = {
  Conv: (n) => {
    const [x, weight] = [n.x(0), n.x(1)];
    const groups = n.integer("group", 1);
    const w = windowOf(n, spatial(weight), spatial(x), spatial(n.dy));
    const isDepthwise = groups > 1 && groups === x.shape[1] && groups === weight.shape[0];
    const products = isDepthwise ? depthwiseGradients(x, weight, n.dy, w) : undefined;
    return [
      products?.input ?? inputGradient(n.dy, weight, spatial(x), w, groups),
      products?.weight ?? weightGradient(x, n.dy, weight.shape, w, groups),
      biasGradient(n),
    ];
  },
  // The adjoint of Conv: x and y change places.
  ConvTranspose: (n) => {
    const [x, weight] = [n.x(0), n.x(1)];
    const groups = n.integer("group", 1);
    const w = windowOf(n, spatial(weight), spatial(n.dy), spatial(x));
    const strided = w.strides.some((stride) => stride > 1);
    return [
      conv(n.dy, weight, undefined, optionsOf(w, groups)),
      strided && groups === 1
        ? stridedWeightGradient(n.dy, x, w)
        : weightGradient(n.dy, x, weight.shape, w, groups),
      biasGradient(n),
    ];
  },
};

/** dx [n, c, ...size] from dy [n, m, ...] and weight [m, c / groups, ...kernel]. */
function inputGradient(dy: Value, weight: Value, size: readonly number[], w: Window, groups: number): Value {
  if (w.strides.some((stride) => stride > 1)) {
    const covered = spatial(dy).map(
      (out, i) => (out - 1) * w.strides[i] + extent(w, i) - w.before[i] - w.after[i],
    );
    const outputPadding = size.map((s, i) => s - covered[i]);
    return convTranspose(dy, weight, undefined, { ...optionsOf(w, groups), outputPadding });
  }
  // With stride 1 a Conv again, with the kernel mirrored and input and output channels swapped.
  const [m, c, ...kernel] = weight.shape;
  const perGroup = reshape(weight, [groups, m / groups, c, ...kernel]);
  const axes = kernel.map((_, i) => i + 3);
  const mirrored = flip(transpose(perGroup, [0, 2, 1, ...axes]), axes);
  const before = kernel.map((_, i) => extent(w, i) - 1 - w.before[i]);
  const after = kernel.map((_, i) => extent(w, i) - 1 - w.after[i]);
  const least = (list: readonly number[]) => list.map((amount) => Math.min(amount, 0));
  const most = (list: readonly number[]) => list.map((amount) => Math.max(amount, 0));
  return conv(
    padSpatial(dy, least(before), least(after)),
    reshape(mirrored, [groups * c, m / groups, ...kernel]),
    undefined,
    { padding: [...most(before), ...most(after)], dilation: w.dilations, groups },
  );
}
