import type { Value } from "@optogram/onnx";
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  less,
  log,
  mul,
  neg,
  pow,
  reshape,
  sameShape,
  sign,
  sin,
  sub,
  where,
} from "@optogram/onnx";
import { gate, type Rule, type RuleNode, unbroadcast } from "../rule.ts";

/** dx = dy · f'(x) for a function of one tensor. */
const unary =
  (slope: (x: Value, y: Value) => Value): Rule =>
  (n) => [mul(n.narrow, slope(n.x(), n.y))];

/** Each operand's gradient, summed over what was broadcast. */
const binary =
  (rule: (n: RuleNode) => readonly Value[]): Rule =>
  (n) =>
    rule(n).map((gradient, i) => unbroadcast(gradient, n.x(i).shape));

/** dy for an operand that is passed on as it is. */
function passed(n: RuleNode, i: number): Value {
  return sameShape(n.x(i).shape, n.y.shape) ? n.narrow : unbroadcast(n.dy, n.x(i).shape);
}

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
  Add: (n) => [passed(n, 0), passed(n, 1)],
  Sub: (n) => [passed(n, 0), neg(passed(n, 1))],
  Mul: (n) => {
    const [a, b] = [n.x(0), n.x(1)];
    if (a === b) return [mul(mul(n.narrow, 2), a)];
    const times = (other: Value) => mul(sameShape(other.shape, n.y.shape) ? n.narrow : n.dy, other);
    return [unbroadcast(times(b), a.shape), unbroadcast(times(a), b.shape)];
  },
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
  Sum: (n) => n.node.inputs.map((_, i) => passed(n, i)),
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
    const dx = gate(n.narrow, equal(x, n.y));
    const limit = (value: Value | undefined, passed: (x: Value, limit: Value) => Value) =>
      value && reshape(unbroadcast(where(passed(x, value), n.dy, 0), []), value.shape);
    return [dx, limit(lowest, less), limit(highest, greater)];
  },
  Neg: (n) => [neg(n.narrow)],
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
  Identity: (n) => [n.narrow],
  Dropout: (n) => {
    if (n.known(2)?.[0] !== 0 && n.optional(2)) throw n.unsupported("training_mode");
    return [n.narrow];
  },
  Cast: (n) => [/^b?float/.test(n.x().dtype) ? cast(n.narrow, n.x().dtype) : undefined],
};
