/** Operators that work element by element, with broadcasting. Numbers may stand for tensors. */

import { attributesOf, float, type Value } from "../builder.ts";
import type { DataType } from "../tensor.ts";
import { dataTypes } from "../tensor.ts";
import { asValues, broadcastShape, type Operand, scalarLike } from "./operand.ts";

function unary(op: string, x: Value, attributes = {}, dtype: DataType = x.dtype, domain = ""): Value {
  return x.graph.node(op, [x], [{ dtype, shape: x.shape }], attributes, domain)[0];
}

function broadcast(op: string, operands: readonly Operand[], dtype?: DataType): Value {
  const values = asValues(operands);
  const shape = values.map((v) => v.shape).reduce(broadcastShape);
  return values[0].graph.node(op, values, [{ dtype: dtype ?? values[0].dtype, shape }])[0];
}

export const add = (a: Operand, b: Operand): Value => broadcast("Add", [a, b]);
export const sub = (a: Operand, b: Operand): Value => broadcast("Sub", [a, b]);
export const mul = (a: Operand, b: Operand): Value => broadcast("Mul", [a, b]);
export const div = (a: Operand, b: Operand): Value => broadcast("Div", [a, b]);
export const pow = (a: Value, exponent: Operand): Value => broadcast("Pow", [a, exponent]);
export const min = (...operands: readonly Operand[]): Value => broadcast("Min", operands);
export const max = (...operands: readonly Operand[]): Value => broadcast("Max", operands);

export const equal = (a: Operand, b: Operand): Value => broadcast("Equal", [a, b], "bool");
export const greater = (a: Operand, b: Operand): Value => broadcast("Greater", [a, b], "bool");
export const greaterOrEqual = (a: Operand, b: Operand): Value => broadcast("GreaterOrEqual", [a, b], "bool");
export const less = (a: Operand, b: Operand): Value => broadcast("Less", [a, b], "bool");
export const lessOrEqual = (a: Operand, b: Operand): Value => broadcast("LessOrEqual", [a, b], "bool");
export const and = (a: Value, b: Value): Value => broadcast("And", [a, b], "bool");
export const or = (a: Value, b: Value): Value => broadcast("Or", [a, b], "bool");
export const not = (a: Value): Value => unary("Not", a);

/** `condition ? a : b`, element by element. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [x, y] =
    typeof a === "number" && typeof b === "number" ? twoScalars(condition, a, b) : asValues([a, b]);
  const shape = [condition, x, y].map((v) => v.shape).reduce(broadcastShape);
  return condition.graph.node("Where", [condition, x, y], [{ dtype: x.dtype, shape }])[0];
}

function twoScalars({ graph }: Value, a: number, b: number): Value[] {
  return [graph.scalar(a), graph.scalar(b)];
}

export const neg = (x: Value): Value => unary("Neg", x);
export const abs = (x: Value): Value => unary("Abs", x);
export const sign = (x: Value): Value => unary("Sign", x);
export const sqrt = (x: Value): Value => unary("Sqrt", x);
export const reciprocal = (x: Value): Value => unary("Reciprocal", x);
export const exp = (x: Value): Value => unary("Exp", x);
export const log = (x: Value): Value => unary("Log", x);
export const sin = (x: Value): Value => unary("Sin", x);
export const cos = (x: Value): Value => unary("Cos", x);
export const tanh = (x: Value): Value => unary("Tanh", x);
export const erf = (x: Value): Value => unary("Erf", x);
export const floor = (x: Value): Value => unary("Floor", x);

export const isNotANumber = (x: Value): Value => unary("IsNaN", x, {}, "bool");
export const sigmoid = (x: Value): Value => unary("Sigmoid", x);
export const softplus = (x: Value): Value => unary("Softplus", x);
export const relu = (x: Value): Value => unary("Relu", x);
export const leakyRelu = (x: Value, alpha = 0.01): Value => unary("LeakyRelu", x, { alpha: float(alpha) });
export const hardSwish = (x: Value): Value => unary("HardSwish", x);
export const identity = (x: Value): Value => unary("Identity", x);
export const square = (x: Value): Value => mul(x, x);

/** x Φ(x), exactly or by the tanh approximation (Hendrycks & Gimpel 2016). */
export function gelu(x: Value, approximate: "none" | "tanh" = "none"): Value {
  return unary("Gelu", x, attributesOf({ approximate }));
}

/** x σ(1.702 x), the activation of CLIP. One fused kernel of ONNX Runtime. */
export function quickGelu(x: Value, alpha = 1.702): Value {
  return unary("QuickGelu", x, { alpha: float(alpha) }, x.dtype, "com.microsoft");
}

export function clip(x: Value, lowest?: number, highest?: number): Value {
  const limits = [lowest, highest].map((limit) => (limit === undefined ? undefined : scalarLike(limit, x)));
  return x.graph.node("Clip", [x, ...limits], [{ dtype: x.dtype, shape: x.shape }])[0];
}

export function cast(x: Value, dtype: DataType): Value {
  if (x.dtype === dtype) return x;
  return unary("Cast", x, attributesOf({ to: dataTypes[dtype].code }), dtype);
}
