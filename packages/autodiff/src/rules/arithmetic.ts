import type { Value } from "@optogram/onnx";
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  log,
  mul,
  neg,
  pow,
  reshape,
  sign,
  sin,
  sub,
  where,
} from "@optogram/onnx";
import { type Rule, type RuleNode, unbroadcast } from "../rule.ts";

/** dx = dy · f'(x) for a function of one tensor. */
const unary =
  (slope: (x: Value, y: Value) => Value): Rule =>
  (n) => [mul(n.dy, slope(n.x(), n.y))];

/** Each operand's gradient, summed over what was broadcast. */
const binary =
  (rule: (n: RuleNode) => readonly Value[]): Rule =>
  (n) =>
    rule(n).map((gradient, i) => unbroadcast(gradient, n.x(i).shape));

/** The gradient goes to the operand that was taken; where operands tie, they share it. */
const extremum: Rule = (n) => {
  const taken = n.node.inputs.map((_, i) => cast(equal(n.x(i), n.y), n.dy.dtype));
  const ties = taken.reduce((a, b) => add(a, b));
  const share = div(n.dy, ties);
  return taken.map((t, i) => unbroadcast(mul(share, t), n.x(i).shape));
};

/** Zero almost everywhere. */
const step: Rule = () => [undefined];

/** d(aᵏ)/da = k aᵏ⁻¹, also at a = 0, where k is a number. */
function powerSlope(a: Value, k: number): Value | undefined {
  if (k === 0) return undefined;
  if (k === 2) return mul(a, 2);
  return mul(pow(a, k - 1), k);
}

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  Add: binary((n) => [n.dy, n.dy]),
  Sub: binary((n) => [n.dy, neg(n.dy)]),
  Mul: binary((n) => [mul(n.dy, n.x(1)), mul(n.dy, n.x(0))]),
  // d(a/b) = da/b − y db/b
  Div: binary((n) => {
    const da = div(n.dy, n.x(1));
    return [da, neg(mul(da, n.y))];
  }),
  // d(aᵇ) = b aᵇ⁻¹ da + aᵇ ln a db; 0⁰ is taken as constant in a, 0ᵇ as constant in b.
  Pow: (n) => {
    const a = n.x(0);
    const b = cast(n.x(1), a.dtype);
    const [k, ...more] = a.dtype === "float16" ? [] : (n.known(1) ?? []);
    if (k !== undefined && more.length === 0) {
      const slope = powerSlope(a, k);
      return [slope && unbroadcast(mul(n.dy, slope), a.shape)];
    }
    const da = where(equal(b, 0), 0, mul(b, pow(a, sub(b, 1))));
    const db = where(equal(a, 0), 0, mul(n.y, log(a)));
    return [unbroadcast(mul(n.dy, da), a.shape), unbroadcast(mul(n.dy, db), b.shape)];
  },
  Sum: (n) => n.node.inputs.map((_, i) => unbroadcast(n.dy, n.x(i).shape)),
  Mean: (n) => {
    const share = mul(n.dy, 1 / n.node.inputs.length);
    return n.node.inputs.map((_, i) => unbroadcast(share, n.x(i).shape));
  },
  Min: extremum,
  Max: extremum,
  Where: (n) => [
    undefined,
    unbroadcast(where(n.x(0), n.dy, 0), n.x(1).shape),
    unbroadcast(where(n.x(0), 0, n.dy), n.x(2).shape),
  ],
  // Inside the limits (inclusive, as PyTorch has it) the slope is 1; outside, the limit's is.
  Clip: (n) => {
    const [x, lowest, highest] = [n.x(), n.optional(1), n.optional(2)];
    let dx = n.dy;
    if (lowest) dx = where(greaterOrEqual(x, lowest), dx, 0);
    if (highest) dx = where(lessOrEqual(x, highest), dx, 0);
    const limit = (value: Value | undefined, passed: (x: Value, limit: Value) => Value) =>
      value && reshape(unbroadcast(where(passed(x, value), n.dy, 0), []), value.shape);
    return [dx, limit(lowest, less), limit(highest, greater)];
  },
  Neg: (n) => [neg(n.dy)],
  Abs: unary((x) => sign(x)),
  Sqrt: (n) => [div(mul(n.dy, 0.5), n.y)],
  Reciprocal: (n) => [neg(mul(n.dy, mul(n.y, n.y)))],
  Exp: unary((_, y) => y),
  Log: (n) => [div(n.dy, n.x())],
  Sin: unary((x) => cos(x)),
  Cos: (n) => [neg(mul(n.dy, sin(n.x())))],
  // 2/√π e^(−x²)
  Erf: unary((x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  Floor: step,
  Ceil: step,
  Round: step,
  Sign: step,
  Identity: (n) => [n.dy],
  Dropout: (n) => {
    if (n.known(2)?.[0] !== 0 && n.optional(2)) throw n.unsupported("training_mode");
    return [n.dy];
  },
  Cast: (n) => [/^b?float/.test(n.x().dtype) ? cast(n.dy, n.x().dtype) : undefined],
};
