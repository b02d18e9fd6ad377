import {
  concat,
  conv,
  convTranspose,
  flip,
  gemm,
  matmul,
  pad,
  reduceSum,
  reshape,
  sizeOf,
  sliceAxes,
  transpose,
  transposeLast,
  type Value,
} from "@optogram/onnx";
import { type Rule, type RuleNode, range } from "../rule.ts";
import { depthwiseGradients } from "./depthwise.ts";
import { extent, positions, type Window, windowOf } from "./window.ts";

const spatial = (x: Value) => x.shape.slice(2);
/** The first two axes swapped. */
const swapped = (x: Value) => transpose(x, [1, 0, ...range(x.shape.length).slice(2)]);

/** Pads (or, where negative, cuts) the spatial axes. */
function padSpatial(x: Value, before: readonly number[], after: readonly number[]): Value {
  return pad(x, [0, 0, ...before], [0, 0, ...after]);
}

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

/** dW [m, c / groups, ...kernel] from x [n, c, ...] and dy [n, m, ...], in the way that is fastest for the window. */
function weightGradient(x: Value, dy: Value, shape: readonly number[], w: Window, groups: number): Value {
  if (isPointwise(w)) return pointwiseWeightGradient(x, dy, shape, w, groups);
  if (shape[1] === 1 && groups > 1) return depthwiseWeightGradient(x, dy, shape, w);
  if (groups === 1 && isPatching(w)) return patchWeightGradient(x, dy, shape, w);
  // Unfolded windows times dy
  const [m, c, ...kernel] = shape;
  const places = dy.shape[0] * sizeOf(spatial(dy));
  const windows = reshape(unfold(swapped(x), spatial(dy), w, groups), [groups, sizeOf(kernel) * c, places]);
  const rows = reshape(swapped(dy), [groups, m / groups, places]);
  const product =
    groups === 1
      ? gemm(reshape(rows, [m, places]), reshape(windows, [-1, places]), undefined, { transB: true })
      : matmul(rows, transposeLast(windows));
  return reshape(transposeLast(reshape(product, [m, sizeOf(kernel), c])), shape);
}

/** x [c, n, ...] as [groups, positions in the kernel, c / groups, n, ...out]. */
function unfold(x: Value, out: readonly number[], w: Window, groups: number): Value {
  const padded = padSpatial(x, w.before, w.after);
  const axes = out.map((_, i) => i + 2);
  const parts = positions(w.kernel).map((position) => {
    const starts = position.map((p, i) => p * w.dilations[i]);
    const ends = starts.map((start, i) => start + (out[i] - 1) * w.strides[i] + 1);
    const part = sliceAxes(padded, axes, starts, ends, w.strides);
    return reshape(part, [groups, 1, x.shape[0] / groups, x.shape[1], ...out]);
  });
  return parts.length === 1 ? parts[0] : concat(parts, 1);
}

function isPointwise(w: Window): boolean {
  return w.kernel.every((size, i) => size === 1 && w.before[i] === 0 && w.after[i] === 0);
}

/** One product an image, dy xᵀ, and their sum: nothing is moved. */
function pointwiseWeightGradient(
  x: Value,
  dy: Value,
  shape: readonly number[],
  w: Window,
  groups: number,
): Value {
  const [m, c] = shape;
  const out = spatial(dy);
  const axes = out.map((_, i) => i + 2);
  const ends = out.map((size, i) => (size - 1) * w.strides[i] + 1);
  const read = sliceAxes(
    x,
    axes,
    out.map(() => 0),
    ends,
    w.strides,
  );
  const images = (value: Value, channels: number) =>
    reshape(value, [dy.shape[0], groups, channels, sizeOf(out)]);
  const products = matmul(images(dy, m / groups), transposeLast(images(read, c)));
  return reshape(reduceSum(products, { axes: [0] }), shape);
}

/**
 * A Conv over x in which each channel of each image is a group of its own, dy is the kernel, and stride and dilation
 * have changed places.
 */
function depthwiseWeightGradient(x: Value, dy: Value, shape: readonly number[], w: Window): Value {
  const [n, c] = x.shape;
  const [m, , ...kernel] = shape;
  const product = conv(
    reshape(x, [1, n * c, ...spatial(x)]),
    reshape(dy, [n * m, 1, ...spatial(dy)]),
    undefined,
    { stride: w.dilations, padding: [...w.before, ...w.after], dilation: w.strides, groups: n * c },
  );
  const cut = firstOf(product, kernel);
  return reshape(reduceSum(reshape(cut, [n, m, ...kernel]), { axes: [0] }), shape);
}

/** The first elements along each spatial axis. */
function firstOf(x: Value, size: readonly number[]): Value {
  const axes = size.map((_, i) => i + 2);
  return sliceAxes(
    x,
    axes,
    axes.map(() => 0),
    size,
    axes.map(() => 1),
  );
}

/** Windows that tile the input without overlap (a patch embedding). */
function isPatching(w: Window): boolean {
  return w.kernel.every(
    (size, i) =>
      size === w.strides[i] && (size === 1 || w.dilations[i] === 1) && w.before[i] === 0 && w.after[i] === 0,
  );
}

/** Where windows do not overlap x is only reordered, [n · places, c · kernel], and one product is left. */
function patchWeightGradient(x: Value, dy: Value, shape: readonly number[], w: Window): Value {
  const out = spatial(dy);
  const rank = out.length;
  const [n, c] = x.shape;
  const rest = out.map((size, i) => size * w.kernel[i] - x.shape[i + 2]);
  const whole = padSpatial(
    x,
    rest.map(() => 0),
    rest,
  );
  const grid = reshape(whole, [n, c, ...out.flatMap((size, i) => [size, w.kernel[i]])]);
  const outAxes = range(rank).map((i) => 2 + 2 * i);
  const patches = transpose(grid, [0, ...outAxes, 1, ...outAxes.map((axis) => axis + 1)]);
  const rows = transpose(dy, [0, ...range(rank).map((i) => i + 2), 1]);
  const places = n * sizeOf(out);
  const product = gemm(reshape(rows, [places, -1]), reshape(patches, [places, -1]), undefined, {
    transA: true,
  });
  return reshape(product, shape);
}

/**
 * dW [c, m, ...kernel] of a strided ConvTranspose from dy [n, m, ...] (large) and x [n, c, ...] (small): a Conv over dy
 * with batch and channels swapped, in which x is the kernel and the stride its dilation.
 */
function stridedWeightGradient(dy: Value, x: Value, w: Window): Value {
  const product = conv(swapped(dy), swapped(x), undefined, {
    stride: w.dilations,
    padding: [...w.before, ...w.after],
    dilation: w.strides,
  });
  return swapped(firstOf(product, w.kernel));
}
