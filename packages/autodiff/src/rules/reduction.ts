import {
  cast,
  cumSum,
  div,
  equal,
  exp,
  mul,
  positiveAxis,
  reduceSum,
  reshape,
  scatterElements,
  sign,
  sub,
  type Value,
  where,
} from "@optogram/onnx";
import { type Rule, type RuleNode, range, zeros } from "../rule.ts";

/** Reduced axes; none given means all, unless the node says that it means none. */
function reducedAxes(n: RuleNode): readonly number[] {
  const rank = n.x().shape.length;
  const axes = n.constant(1);
  if (!axes?.length) return n.integer("noop_with_empty_axes", 0) ? [] : range(rank);
  return axes.map((axis) => positiveAxis(axis, rank));
}

/** A reduced tensor with its reduced axes back as size 1, so that it broadcasts against x. */
function kept(n: RuleNode, value: Value): Value {
  const axes = reducedAxes(n);
  return reshape(
    value,
    n.x().shape.map((size, i) => (axes.includes(i) ? 1 : size)),
  );
}

const count = (n: RuleNode) => reducedAxes(n).reduce((product, axis) => product * n.x().shape[axis], 1);

/** Elements that equal the extremum share the gradient. */
function share(n: RuleNode, y: Value, dy: Value, axes: readonly number[]): Value {
  const taken = cast(equal(n.x(), y), dy.dtype);
  const ties = reduceSum(taken, { axes, keep: true });
  return mul(taken, div(dy, ties));
}

const extremum: Rule = (n) => [share(n, kept(n, n.y), kept(n, n.dy), reducedAxes(n))];

export const reductionRules: Readonly<Record<string, Rule>> = {
  ReduceSum: (n) => [kept(n, n.dy)],
  ReduceMean: (n) => [mul(kept(n, n.dy), 1 / count(n))],
  ReduceMax: extremum,
  ReduceMin: extremum,
  GlobalMaxPool: (n) => [share(n, n.y, n.dy, range(n.x().shape.length).slice(2))],
  ReduceL1: (n) => [mul(kept(n, n.dy), sign(n.x()))],
  // ∂‖x‖ = x / ‖x‖, and 0 at 0
  ReduceL2: (n) => [mul(n.x(), kept(n, where(equal(n.y, 0), 0, div(n.dy, n.y))))],
  ReduceSumSquare: (n) => [mul(n.x(), kept(n, mul(n.dy, 2)))],
  // ∂ log Σ eˣ = softmax x
  ReduceLogSumExp: (n) => [mul(exp(sub(n.x(), kept(n, n.y))), kept(n, n.dy))],
  // The sum runs the other way round.
  CumSum: (n) => {
    const [axis] = n.constant(1) ?? [0];
    const options = { exclusive: n.integer("exclusive", 0) === 1, reverse: n.integer("reverse", 0) === 0 };
    return [cumSum(n.dy, axis, options)];
  },
  // The k gradients go back to their places.
  TopK: (n) => {
    const indices = n.x().graph.furtherOutput(n.y, 1, { dtype: "int64", shape: n.y.shape });
    return [scatterElements(zeros(n.dy, n.x().shape), indices, n.dy, n.axis(-1))];
  },
};
