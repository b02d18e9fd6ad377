/** Reverse-mode differentiation of a graph under construction (Griewank & Walther 2008, chapter 3). */

import { add, expand, type TypedNode, type Value } from "@optogram/onnx";
import { RuleNode } from "./rule.ts";
import { ruleOf } from "./rules/index.ts";

/**
 * Adds to the graph of `loss` the gradient of a scalar loss for each of `wrt`; the results have their shapes.
 * Throws `no gradient rule for X (node N)` where an operator on the way has none, and where a tensor of `wrt` does
 * not reach the loss. Tensors among `constants` are taken as given: nothing flows back through them.
 */
export function gradients(loss: Value, wrt: readonly Value[], constants: readonly Value[] = []): Value[] {
  if (loss.shape.some((size) => size !== 1))
    throw new Error(`a loss must be a scalar, ${loss.name} is [${loss.shape}]`);
  return pullback(loss, loss.graph.constant(ones(loss)), wrt, constants);
}

/** The gradient of Σ output · cotangent for each of `wrt`: the vector-Jacobian product. */
export function pullback(
  output: Value,
  cotangent: Value,
  wrt: readonly Value[],
  constants: readonly Value[] = [],
): Value[] {
  const nodes = output.graph.nodes;
  const reached = dependents(nodes, wrt, new Set(constants));
  const gradientOf = new Map<Value, Value>([[output, cotangent]]);
  // A snapshot: rules append nodes of their own.
  for (const node of [...nodes].reverse()) {
    const outputs = node.outputs.map((value) => value && gradientOf.get(value));
    if (!outputs.some(Boolean) || !node.inputs.some((input) => input && reached.has(input))) continue;
    const results = ruleOf(node)(new RuleNode(node, outputs));
    node.inputs.forEach((input, i) => {
      const gradient = results[i];
      if (!input || !gradient || !reached.has(input)) return;
      const sum = gradientOf.get(input);
      gradientOf.set(input, sum ? add(sum, gradient) : gradient);
    });
  }
  return wrt.map((value) => {
    const gradient = gradientOf.get(value);
    if (!gradient)
      throw new Error(`${value.name} does not reach ${output.name}: there is no gradient for it`);
    return expand(gradient, value.shape);
  });
}

/** Every tensor that depends on one of `sources`, these included, by a way around `constants`. */
function dependents(
  nodes: readonly TypedNode[],
  sources: readonly Value[],
  constants: ReadonlySet<Value>,
): ReadonlySet<Value> {
  const reached = new Set<Value>(sources);
  for (const node of nodes)
    if (node.inputs.some((input) => input && reached.has(input)))
      for (const output of node.outputs) if (output && !constants.has(output)) reached.add(output);
  return reached;
}

function ones(loss: Value) {
  return {
    dtype: loss.dtype,
    shape: loss.shape,
    data: loss.dtype === "float64" ? Float64Array.of(1) : Float32Array.of(1),
  };
}
