/** What operators share: operands that may be plain numbers, broadcasting, axes. */

import type { GraphBuilder, Value } from "../builder.ts";
import type { DataType, Tensor } from "../tensor.ts";
import { dataTypes } from "../tensor.ts";

/** A tensor, or a number that takes the other operand's type. */
export type Operand = Value | number;

/** The shape of two tensors broadcast against each other (NumPy's rule). */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}

/** An axis counted from the end becomes one counted from the start. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank)
    throw new Error(`axis ${axis} does not exist in a tensor of rank ${rank}`);
  return positive;
}

export function positiveAxes(axes: readonly number[] | undefined, rank: number): number[] {
  return (axes ?? Array.from({ length: rank }, (_, i) => i)).map((axis) => positiveAxis(axis, rank));
}

export function graphOf(...operands: readonly (Operand | undefined)[]): GraphBuilder {
  for (const operand of operands) if (typeof operand === "object") return operand.graph;
  throw new Error("an operator needs at least one tensor among its operands");
}

/** Numbers become constants of the tensors' type. */
export function asValues(operands: readonly Operand[]): Value[] {
  const first = operands.find((operand) => typeof operand === "object") as Value | undefined;
  if (!first) throw new Error("an operator needs at least one tensor among its operands");
  return operands.map((operand) => (typeof operand === "object" ? operand : scalarLike(operand, first)));
}

/** A constant without axes of the type of `like`. */
export function scalarLike(value: number, like: Value): Value {
  return like.graph.constant(filled(like.dtype, [], value));
}

/** A tensor full of one value. */
export function filled(dtype: DataType, shape: readonly number[], value: number): Tensor {
  const { array: NumberArray, bits } = dataTypes[dtype];
  const size = shape.reduce((a, b) => a * b, 1);
  if (!NumberArray || bits < 8) throw new Error(`no constant of type ${dtype} can be made from a number`);
  if (dtype === "float16") {
    const halves = new Float16Array([value]);
    return { dtype, shape, data: new Uint16Array(size).fill(new Uint16Array(halves.buffer)[0]) };
  }
  const data = new NumberArray(size);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.fill(BigInt(value));
  else data.fill(value);
  return { dtype, shape, data };
}
