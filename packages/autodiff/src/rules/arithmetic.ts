import type { Value } from "@optogram/onnx";
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greaterOrEqual,
  lessOrEqual,
  log,
  mul,
  neg,
  pow,
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
  const taken = n.node.inputs.map((x) => cast(equal(x as Value, n.y), n.dy.dtype));
  const share = div(
    n.dy,
    taken.reduce((a, b) => add(a, b)),
  );
  return taken.map((t, i) => unbroadcast(mul(share, t), n.x(i).shape));
};

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  Add: binary((n) => [n.dy, n.dy]),
  Sub: binary((n) => [n.dy, neg(n.dy)]),
  Mul: binary((n) => [mul(n.dy, n.x(1)), mul(n.dy, n.x(0))]),
  // d(a/b) = da/b − y db/b
  Div: binary((n) => {
    const da = div(n.dy, n.x(1));
    return [da, neg(mul(da, n.y))];
  }),
  // d(aᵇ) = b aᵇ⁻¹ da + aᵇ ln a db
  Pow: (n) => {
    const [a, b] = [n.x(0), n.x(1)];
    const da = unbroadcast(mul(n.dy, mul(b, pow(a, sub(b, 1)))), a.shape);
    if (b.graph.constantOf(b)) return [da];
    return [da, unbroadcast(mul(n.dy, mul(n.y, log(a))), b.shape)];
  },
  Sum: (n) => n.node.inputs.map((_, i) => unbroadcast(n.dy, n.x(i).shape)),
  Min: extremum,
  Max: extremum,
  Where: (n) => [
    undefined,
    unbroadcast(where(n.x(0), n.dy, 0), n.x(1).shape),
    unbroadcast(where(n.x(0), 0, n.dy), n.x(2).shape),
  ],
  // Inside the limits (inclusive, as PyTorch has it) the slope is 1.
  Clip: (n) => {
    const [lowest, highest] = [n.optional(1), n.optional(2)];
    let dx = n.dy;
    if (lowest) dx = where(greaterOrEqual(n.x(), lowest), dx, 0);
    if (highest) dx = where(lessOrEqual(n.x(), highest), dx, 0);
    return [dx];
  },
  Neg: (n) => [neg(n.dy)],
  Abs: unary((x) => sign(x)),
  Sqrt: (n) => [div(mul(n.dy, 0.5), n.y)],
  Reciprocal: (n) => [neg(mul(n.dy, mul(n.y, n.y)))],
  Exp: unary((_, y) => y),
  Log: (n) => [div(n.dy, n.x())],
  Sin: unary((x) => cos(x)),
  Cos: unary((x) => neg(sin(x))),
  // 2/√π e^(−x²)
  Erf: unary((x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  Identity: (n) => [n.dy],
  Dropout: (n) => [n.dy],
  Cast: (n) => [/^b?float/.test(n.x().dtype) ? cast(n.dy, n.x().dtype) : undefined],
};
