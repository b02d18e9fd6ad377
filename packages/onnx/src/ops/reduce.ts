/** Reductions and what is computed along an axis. */

import { attributesOf, type Value } from "../builder.ts";
import { positiveAxes, positiveAxis } from "./operand.ts";

export interface ReduceOptions {
  /** All axes when absent. */
  readonly axes?: readonly number[];
  /** Whether reduced axes stay, of size 1. Default: no. */
  readonly keep?: boolean;
}

function reduce(op: string, x: Value, { axes, keep = false }: ReduceOptions): Value {
  const list = positiveAxes(axes, x.shape.length);
  const shape = x.shape.flatMap((size, i) => (list.includes(i) ? (keep ? [1] : []) : [size]));
  const attributes = attributesOf({ keepdims: keep ? 1 : 0, noop_with_empty_axes: 1 });
  return x.graph.node(op, [x, x.graph.integers(list)], [{ dtype: x.dtype, shape }], attributes)[0];
}

export const reduceSum = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceSum", x, options);
export const reduceMean = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceMean", x, options);
export const reduceMax = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceMax", x, options);
export const reduceMin = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceMin", x, options);
export const reduceL1 = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceL1", x, options);
export const reduceL2 = (x: Value, options: ReduceOptions = {}): Value => reduce("ReduceL2", x, options);
export const reduceSumSquare = (x: Value, options: ReduceOptions = {}): Value =>
  reduce("ReduceSumSquare", x, options);
export const reduceLogSumExp = (x: Value, options: ReduceOptions = {}): Value =>
  reduce("ReduceLogSumExp", x, options);

function alongAxis(op: string, x: Value, axis: number): Value {
  const at = positiveAxis(axis, x.shape.length);
  return x.graph.node(op, [x], [{ dtype: x.dtype, shape: x.shape }], attributesOf({ axis: at }))[0];
}

export const softmax = (x: Value, axis = -1): Value => alongAxis("Softmax", x, axis);
export const logSoftmax = (x: Value, axis = -1): Value => alongAxis("LogSoftmax", x, axis);

export interface CumSumOptions {
  readonly exclusive?: boolean;
  readonly reverse?: boolean;
}

export function cumSum(x: Value, axis: number, options: CumSumOptions = {}): Value {
  const at = x.graph.constant({ dtype: "int64", shape: [], data: BigInt64Array.of(BigInt(axis)) });
  const attributes = attributesOf({ exclusive: options.exclusive ? 1 : 0, reverse: options.reverse ? 1 : 0 });
  return x.graph.node("CumSum", [x, at], [{ dtype: x.dtype, shape: x.shape }], attributes)[0];
}

export interface TopKOptions {
  /** Whether the k are the largest (default) or the smallest. */
  readonly largest?: boolean;
  /** Whether they come in order. Default: yes. */
  readonly sorted?: boolean;
}

/** The k largest elements along an axis, and where they were (int64). */
export function topK(
  x: Value,
  k: number,
  axis = -1,
  options: TopKOptions = {},
): { values: Value; indices: Value } {
  const at = positiveAxis(axis, x.shape.length);
  const shape = x.shape.map((size, i) => (i === at ? k : size));
  const attributes = attributesOf({
    axis: at,
    largest: (options.largest ?? true) ? 1 : 0,
    sorted: (options.sorted ?? true) ? 1 : 0,
  });
  const types = [
    { dtype: x.dtype, shape },
    { dtype: "int64" as const, shape },
  ];
  const [values, indices] = x.graph.node("TopK", [x, x.graph.integers([k])], types, attributes);
  return { values, indices };
}

/** Where the largest element along an axis is (int64). */
export function argMax(x: Value, axis: number): Value {
  const at = positiveAxis(axis, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== at);
  return x.graph.node("ArgMax", [x], [{ dtype: "int64", shape }], attributesOf({ axis: at, keepdims: 0 }))[0];
}
