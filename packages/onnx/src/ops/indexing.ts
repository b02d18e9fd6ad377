/** Reading and writing by index. */

import { attributesOf, sameShape, type Value } from "../builder.ts";
import { positiveAxis } from "./operand.ts";

/** x's slices along an axis at the given (int64 or int32) places. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  const at = positiveAxis(axis, x.shape.length);
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
  return x.graph.node("Gather", [x, indices], [{ dtype: x.dtype, shape }], attributesOf({ axis: at }))[0];
}

/** Element [i, j] of the result is x[i, indices[i, j]] for the last of two axes, and so on along `axis`. */
export function gatherElements(x: Value, indices: Value, axis: number): Value {
  const at = positiveAxis(axis, x.shape.length);
  const type = { dtype: x.dtype, shape: indices.shape };
  return x.graph.node("GatherElements", [x, indices], [type], attributesOf({ axis: at }))[0];
}

/** indices [..., r]: coordinates along the first r axes of x. */
export function gatherNd(x: Value, indices: Value): Value {
  const rank = indices.shape[indices.shape.length - 1];
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(rank)];
  return x.graph.node("GatherND", [x, indices], [{ dtype: x.dtype, shape }])[0];
}

export type Reduction = "none" | "add" | "mul" | "max" | "min";

/** A copy of x with `updates` written (or added) at the coordinates indices [..., r]. */
export function scatterNd(x: Value, indices: Value, updates: Value, reduction: Reduction = "none"): Value {
  const rank = indices.shape[indices.shape.length - 1];
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(rank)];
  if (!sameShape(shape, updates.shape))
    throw new Error(`scatterNd: updates must be [${shape}], not [${updates.shape}]`);
  const type = { dtype: x.dtype, shape: x.shape };
  return x.graph.node("ScatterND", [x, indices, updates], [type], attributesOf({ reduction }))[0];
}

/** A copy of x with `updates` written (or added) at `indices` along an axis. */
export function scatterElements(
  x: Value,
  indices: Value,
  updates: Value,
  axis: number,
  reduction: Reduction = "none",
): Value {
  const at = positiveAxis(axis, x.shape.length);
  const type = { dtype: x.dtype, shape: x.shape };
  const attributes = attributesOf({ axis: at, reduction });
  return x.graph.node("ScatterElements", [x, indices, updates], [type], attributes)[0];
}
