/** The gradient for a convolution's weights, in the way that was the fastest for each kind of window. */

import {
  concat,
  conv,
  gather,
  gemm,
  int64,
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
import { range } from "../rule.ts";
import { positions, spatial, type Window } from "./window.ts";

/** The first two axes swapped. */
const swapped = (x: Value) => transpose(x, [1, 0, ...range(x.shape.length).slice(2)]);

/** Pads (or, where negative, cuts) the spatial axes. */
export function padSpatial(x: Value, before: readonly number[], after: readonly number[]): Value {
  return pad(x, [0, 0, ...before], [0, 0, ...after]);
}

/** dW [m, c / groups, ...kernel] from x [n, c, ...] and dy [n, m, ...]. */
export function weightGradient(
  x: Value,
  dy: Value,
  shape: readonly number[],
  w: Window,
  groups: number,
): Value {
  if (isPointwise(w)) return pointwiseWeightGradient(x, dy, shape, w, groups);
  if (shape[1] === 1 && groups > 1) return depthwiseWeightGradient(x, dy, shape, w);
  if (groups === 1 && isPatching(w)) return patchWeightGradient(x, dy, shape, w);
  return shiftedWeightGradient(x, dy, shape, w, groups);
}

/**
 * Products of shifted copies. For each position in the kernel, dy meets x moved by that much. Along an axis without a
 * stride dy can be moved the other way instead: for 3 × 3, three copies of each that differ by rows of dy and by columns
 * of x replace nine of x.
 */
function shiftedWeightGradient(
  x: Value,
  dy: Value,
  shape: readonly number[],
  w: Window,
  groups: number,
): Value {
  const [m, c, ...kernel] = shape;
  const moved = axesOfDy(w, m, groups * c);
  const rest = range(kernel.length).filter((axis) => !moved.includes(axis));
  const sizes = (axes: readonly number[]) => axes.map((axis) => kernel[axis]);
  // A product an image and their sum; or one, for which channels have to come first, where those would be larger than maps.
  const [n, channels] = x.shape;
  const isByImage = sizeOf(shape) <= (m + channels) * sizeOf(spatial(dy));
  const images = isByImage ? n : 1;
  const arranged = (map: Value) => (isByImage ? map : swapped(map));
  const behind = isByImage ? 2 : 1;
  // A row is worth gathering where a further axis lies behind it, and a kernel of one row moves none.
  const areRows = isByImage && moved.length === 1 && moved[0] === 0 && kernel[0] > 1 && kernel.length > 1;
  const movedDy = areRows
    ? rowsMoved(dy, x.shape[2], w)
    : together(copiesOfDy(arranged(dy), spatial(x), w, moved), behind);
  const movedX = together(copiesOfX(arranged(x), spatial(dy), w, rest), behind);
  const ys = reshape(movedDy, [images, groups, (m / groups) * sizeOf(sizes(moved)), -1]);
  const xs = reshape(movedX, [images, groups, c * sizeOf(sizes(rest)), -1]);
  const product = reduceSum(matmul(ys, transposeLast(xs)), { axes: [0] });
  const parts = reshape(product, [groups, m / groups, ...sizes(moved), c, ...sizes(rest)]);
  const place = (axis: number) =>
    moved.includes(axis) ? 2 + moved.indexOf(axis) : 3 + moved.length + rest.indexOf(axis);
  const order = [0, 1, 2 + moved.length, ...range(kernel.length).map(place)];
  return reshape(transpose(parts, order), shape);
}

/** Maps as one, with the axis of maps at `axis`: [images, channels, maps, ...] or [channels, maps, images, ...]. */
function together(maps: readonly Value[], axis: number): Value {
  const apart = maps.map((map) => reshape(map, map.shape.toSpliced(axis, 0, 1)));
  return apart.length === 1 ? apart[0] : concat(apart, axis);
}

/**
 * dy [images, m, rows, ...] moved by every position in the kernel along the first axis, [images, m, positions, count, ...].
 * Rows that are gathered are written once, those of copies that are then put together twice.
 */
function rowsMoved(dy: Value, count: number, { kernel, dilations, before }: Window): Value {
  const [size, ...others] = spatial(dy);
  const isRow = (row: number) => row >= 0 && row < size;
  const rows = range(kernel[0]).flatMap((p) => range(count).map((row) => row - p * dilations[0] + before[0]));
  const none = others.map(() => 0);
  // What lies outside reads a row of zeros behind the last one.
  const source = rows.every(isRow) ? dy : padSpatial(dy, [0, ...none], [1, ...none]);
  const places = int64(
    rows.map((row) => (isRow(row) ? row : size)),
    [kernel[0], count],
  );
  return gather(source, dy.graph.constant(places), 2);
}

/** The axes along which dy is moved and not x, so that the fewest numbers are copied. */
function axesOfDy({ kernel, strides }: Window, m: number, c: number): readonly number[] {
  const choices = positions(strides.map((stride) => (stride > 1 ? 1 : 2)));
  const subsets = choices.map((choice) => range(kernel.length).filter((axis) => choice[axis] === 1));
  const copied = (axes: readonly number[]) =>
    m * sizeOf(kernel.filter((_, i) => axes.includes(i))) +
    c * sizeOf(kernel.filter((_, i) => !axes.includes(i)));
  return subsets.reduce((best, axes) => (copied(axes) <= copied(best) ? axes : best));
}

/** dy [_, _, ...out] moved along `axes` by every position in the kernel there; as large as x along them. */
function copiesOfDy(dy: Value, size: readonly number[], w: Window, axes: readonly number[]): Value[] {
  const starts = (position: readonly number[]) =>
    position.map((p, i) => p * w.dilations[axes[i]] - w.before[axes[i]]);
  return positions(axes.map((axis) => w.kernel[axis])).map((position) =>
    placed(dy, size, axes, starts(position)),
  );
}

/** What of x [_, _, ...] every position in the kernel along `axes` reads; as large as dy along them. */
function copiesOfX(x: Value, out: readonly number[], w: Window, axes: readonly number[]): Value[] {
  const strides = axes.map((axis) => w.strides[axis]);
  const everywhere = positions(axes.map((axis) => w.kernel[axis]));
  if (strides.every((stride) => stride === 1))
    return everywhere.map((position) => {
      const starts = position.map((p, i) => w.before[axes[i]] - p * w.dilations[axes[i]]);
      return placed(x, out, axes, starts);
    });
  const along = (amounts: readonly number[]) =>
    amounts.map((amount, axis) => (axes.includes(axis) ? amount : 0));
  const padded = padSpatial(x, along(w.before), along(w.after));
  const sliced = axes.map((axis) => axis + 2);
  return everywhere.map((position) => {
    const starts = position.map((p, i) => p * w.dilations[axes[i]]);
    const ends = starts.map((start, i) => start + (out[axes[i]] - 1) * strides[i] + 1);
    return sliceAxes(padded, sliced, starts, ends, strides);
  });
}

/** A map whose first element along each of `axes` is at `starts` of a map of `size`: zeros before and after, or cut. */
function placed(
  map: Value,
  size: readonly number[],
  axes: readonly number[],
  starts: readonly number[],
): Value {
  const before = size.map((_, axis) => (axes.includes(axis) ? starts[axes.indexOf(axis)] : 0));
  const after = size.map((length, axis) =>
    axes.includes(axis) ? length - spatial(map)[axis] - before[axis] : 0,
  );
  return padSpatial(map, before, after);
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
export function stridedWeightGradient(dy: Value, x: Value, w: Window): Value {
  const product = conv(swapped(dy), swapped(x), undefined, {
    stride: w.dilations,
    padding: [...w.before, ...w.after],
    dilation: w.strides,
  });
  return swapped(firstOf(product, w.kernel));
}
