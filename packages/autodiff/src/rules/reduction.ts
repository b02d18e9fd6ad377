import {
  cast,
  cumSum,
  div,
  equal,
  exp,
  expand,
  mul,
  reduceSum,
  reshape,
  scatterElements,
  sign,
  sub,
  type Value,
} from "@optogram/onnx";
import type { Rule, RuleNode } from "../rule.ts";

/** Reduced axes, from the second input or, before operator set 18, the attribute; none given means all. */
function reducedAxes(n: RuleNode): readonly number[] {
  const rank = n.x().shape.length;
  const axes = n.constant(1) ?? n.integers("axes");
  if (!axes?.length) return n.integer("noop_with_empty_axes", 0) ? [] : [...Array(rank).keys()];
  return axes.map((axis) => (axis + rank) % rank);
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
const extremum: Rule = (n) => {
  const taken = cast(equal(n.x(), kept(n, n.y)), n.dy.dtype);
  const ties = reduceSum(taken, { axes: reducedAxes(n), keep: true });
  return [mul(taken, div(kept(n, n.dy), ties))];
};

export const reductionRules: Readonly<Record<string, Rule>> = {
  ReduceSum: (n) => [expand(kept(n, n.dy), n.x().shape)],
  ReduceMean: (n) => [expand(mul(kept(n, n.dy), 1 / count(n)), n.x().shape)],
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceL1: (n) => [mul(kept(n, n.dy), sign(n.x()))],
  // ∂‖x‖ = x / ‖x‖
  ReduceL2: (n) => [mul(n.x(), kept(n, div(n.dy, n.y)))],
  ReduceSumSquare: (n) => [mul(mul(n.x(), 2), kept(n, n.dy))],
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
    const x = n.x();
    const indices = n.node.outputs[1];
    if (!indices) throw new Error(`TopK (node ${n.node.name}) must give its indices for a gradient`);
    return [scatterElements(mul(x, 0), indices, n.dy, n.integer("axis", -1))];
  },
};
