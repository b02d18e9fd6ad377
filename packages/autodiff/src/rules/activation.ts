import type { Value } from "@optogram/onnx";
import { add, and, erf, exp, greater, less, mul, reduceSum, sigmoid, sub, where } from "@optogram/onnx";
import { gate, type Rule, unbroadcast } from "../rule.ts";

/** Φ(x), the normal distribution function. */
const normalCdf = (x: Value) => mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
/** φ(x), its density. */
const normalPdf = (x: Value) => mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

/** d/dx of x Φ(x) */
const exactSlope = (x: Value) => add(normalCdf(x), mul(x, normalPdf(x)));

/** d/dx of y = x σ(u), u = √(8/π) (x + 0.044715 x³), the tanh approximation: σ(u) + y u' (1 − σ(u)) */
function approximateSlope(x: Value, y: Value): Value {
  const c = Math.sqrt(8 / Math.PI);
  const square = mul(x, x);
  const s = sigmoid(mul(x, add(mul(square, c * 0.044715), c)));
  const du = add(mul(square, 3 * c * 0.044715), c);
  return add(s, mul(mul(y, du), sub(1, s)));
}

export const activationRules: Readonly<Record<string, Rule>> = {
  Relu: (n) => [gate(n.narrow, greater(n.y, 0))],
  LeakyRelu: (n) => [where(greater(n.x(), 0), n.dy, mul(n.dy, n.float("alpha", 0.01)))],
  PRelu: (n) => {
    const [x, slope] = [n.x(0), n.x(1)];
    const positive = greater(x, 0);
    return [
      where(positive, n.dy, mul(n.dy, slope)),
      unbroadcast(where(positive, 0, mul(n.dy, x)), slope.shape),
    ];
  },
  Elu: (n) => [where(greater(n.x(), 0), n.dy, mul(n.dy, add(n.y, n.float("alpha", 1))))],
  Sigmoid: (n) => [mul(n.dy, mul(n.y, sub(1, n.y)))],
  Tanh: (n) => [mul(n.dy, sub(1, mul(n.y, n.y)))],
  Softplus: (n) => [mul(n.dy, sigmoid(n.x()))],
  Gelu: (n) => {
    const exact = n.text("approximate", "none") !== "tanh";
    return [mul(n.dy, exact ? exactSlope(n.x()) : approximateSlope(n.x(), n.y))];
  },
  // y = x s, s = σ(αx): dy/dx = s + α y (1 − s)
  QuickGelu: (n) => {
    const alpha = n.float("alpha", 1.702);
    const scaled = (value: Value) => (alpha === 1 ? value : mul(value, alpha));
    const s = sigmoid(scaled(n.x()));
    return [mul(n.dy, add(s, mul(scaled(n.y), sub(1, s))))];
  },
  // x · clip(x/6 + ½, 0, 1): the slope is 0, x/3 + ½, 1.
  HardSwish: (n) => {
    const x = n.x();
    const slope = add(mul(x, 1 / 3), 0.5);
    return [mul(n.dy, where(greater(x, 3), 1, where(less(x, -3), 0, slope)))];
  },
  HardSigmoid: (n) => {
    const alpha = n.float("alpha", 0.2);
    return [gate(mul(n.dy, alpha), and(greater(n.y, 0), less(n.y, 1)))];
  },
  // dx = y (dy − Σ dy y)
  Softmax: (n) => {
    const sum = reduceSum(mul(n.dy, n.y), { axes: [n.axis(-1)], keep: true });
    return [mul(sub(n.dy, sum), n.y)];
  },
  // dx = dy − softmax(x) Σ dy
  LogSoftmax: (n) => [sub(n.dy, mul(exp(n.y), reduceSum(n.dy, { axes: [n.axis(-1)], keep: true })))],
};
