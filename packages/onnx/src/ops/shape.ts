/** Operators that move elements without changing them. */

import { attributesOf, float, sameShape, type Value } from "../builder.ts";
import { sizeOf } from "../tensor.ts";
import { positiveAxes, positiveAxis, scalarLike } from "./operand.ts";

const typed = (x: Value, shape: readonly number[]) => [{ dtype: x.dtype, shape }];

/** One size may be -1: whatever is left. */
export function reshape(x: Value, shape: readonly number[]): Value {
  const known = shape.filter((size) => size !== -1).reduce((a, b) => a * b, 1);
  const full = shape.map((size) => (size === -1 ? sizeOf(x.shape) / known : size));
  if (sizeOf(full) !== sizeOf(x.shape)) throw new Error(`reshape: [${x.shape}] does not fit [${shape}]`);
  if (sameShape(full, x.shape)) return x;
  return x.graph.node(
    "Reshape",
    [x, x.graph.integers(full)],
    typed(x, full),
    attributesOf({ allowzero: 1 }),
  )[0];
}

/** Axis i of the result is axis `permutation[i]` of x; without a permutation all axes are reversed. */
export function transpose(x: Value, permutation?: readonly number[]): Value {
  const perm = permutation ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  if (new Set(perm).size !== x.shape.length)
    throw new Error(`transpose: [${perm}] does not permute [${x.shape}]`);
  if (perm.every((axis, i) => axis === i)) return x;
  const shape = perm.map((axis) => x.shape[axis]);
  return x.graph.node("Transpose", [x], typed(x, shape), attributesOf({ perm }))[0];
}

/** Swaps the last two axes. */
export function transposeLast(x: Value): Value {
  const rank = x.shape.length;
  return transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

export function squeeze(x: Value, axes: readonly number[]): Value {
  const drop = positiveAxes(axes, x.shape.length);
  const shape = x.shape.filter((_, i) => !drop.includes(i));
  return x.graph.node("Squeeze", [x, x.graph.integers(drop)], typed(x, shape))[0];
}

export function unsqueeze(x: Value, axes: readonly number[]): Value {
  const at = positiveAxes(axes, x.shape.length + axes.length);
  const rest = [...x.shape];
  const shape = Array.from({ length: x.shape.length + axes.length }, (_, i) =>
    at.includes(i) ? 1 : (rest.shift() as number),
  );
  return x.graph.node("Unsqueeze", [x, x.graph.integers(at)], typed(x, shape))[0];
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  const at = positiveAxis(axis, first.shape.length);
  const shape = first.shape.map((size, i) =>
    i === at ? values.reduce((sum, v) => sum + v.shape[i], 0) : size,
  );
  for (const v of values)
    if (!v.shape.every((size, i) => i === at || size === shape[i]))
      throw new Error(`concat: [${v.shape}] does not fit [${first.shape}] along axis ${axis}`);
  return first.graph.node("Concat", values, typed(first, shape), attributesOf({ axis: at }))[0];
}

/** Parts of the given sizes along an axis. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const at = positiveAxis(axis, x.shape.length);
  if (sizes.reduce((a, b) => a + b, 0) !== x.shape[at])
    throw new Error(`split: [${sizes}] does not add up to ${x.shape[at]}`);
  const types = sizes.map((size) => ({
    dtype: x.dtype,
    shape: x.shape.map((s, i) => (i === at ? size : s)),
  }));
  return x.graph.node("Split", [x, x.graph.integers(sizes)], types, attributesOf({ axis: at }));
}

/** Elements `start` up to `end` (exclusive; negative counts from the end) along an axis. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  return sliceAxes(x, [axis], [start], [end], [step]);
}

/** `slice` along several axes at once. */
export function sliceAxes(
  x: Value,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): Value {
  const at = positiveAxes(axes, x.shape.length);
  const shape = [...x.shape];
  for (const [i, axis] of at.entries())
    shape[axis] = sliceLength(x.shape[axis], starts[i], ends[i], steps[i]);
  if (sameShape(shape, x.shape) && steps.every((step) => step === 1)) return x;
  const inputs = [x, ...[starts, ends, at, steps].map((list) => x.graph.integers(list))];
  return x.graph.node("Slice", inputs, typed(x, shape))[0];
}

/** The elements in reverse order along some axes. */
export function flip(x: Value, axes: readonly number[]): Value {
  const turned = axes.filter((axis) => x.shape[axis] > 1);
  const all = (value: number) => turned.map(() => value);
  return sliceAxes(x, turned, all(-1), all(Number.MIN_SAFE_INTEGER), all(-1));
}

/** How many elements ONNX's Slice takes, whose limits are clamped to the axis. */
function sliceLength(size: number, start: number, end: number, step: number): number {
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (i: number) => Math.min(Math.max(i < 0 ? i + size : i, lowest), highest);
  return Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
}

/** Zeros (or `value`) before and after each axis; negative amounts cut away. */
export function pad(x: Value, before: readonly number[], after: readonly number[], value = 0): Value {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((size, i) => size + before[i] + after[i]);
  const { graph } = x;
  return graph.node(
    "Pad",
    [x, graph.integers([...before, ...after]), scalarLike(value, x)],
    typed(x, shape),
  )[0];
}

/** x broadcast to `shape`. */
export function expand(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  return x.graph.node("Expand", [x, x.graph.integers(shape)], typed(x, shape))[0];
}

export function tile(x: Value, repeats: readonly number[]): Value {
  const shape = x.shape.map((size, i) => size * repeats[i]);
  return x.graph.node("Tile", [x, x.graph.integers(repeats)], typed(x, shape))[0];
}

export function flatten(x: Value, axis = 1): Value {
  const rows = sizeOf(x.shape.slice(0, axis));
  return reshape(x, [rows, sizeOf(x.shape) / rows]);
}

export type ResizeMode = "nearest" | "linear";

/** Spatial axes of x [n, c, ...] scaled to `size`, pixel centres at half integers. */
export function resize(x: Value, size: readonly number[], mode: ResizeMode): Value {
  const shape = [...x.shape.slice(0, 2), ...size];
  const attributes = attributesOf({
    mode,
    coordinate_transformation_mode: "half_pixel",
    ...(mode === "nearest" && { nearest_mode: "floor" }),
    cubic_coeff_a: float(-0.75),
  });
  return x.graph.node(
    "Resize",
    [x, undefined, undefined, x.graph.integers(shape)],
    typed(x, shape),
    attributes,
  )[0];
}
