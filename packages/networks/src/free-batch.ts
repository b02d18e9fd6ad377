/** From a model for one batch size to one for any. */

import { int64, type Model, type Tensor, type ValueInfo } from "@optogram/onnx";

/**
 * Names the first axis of inputs and outputs "batch" and lets every Reshape to [batch, ...], or to a multiple of it,
 * infer that size. The model must have been built for a batch size that no other axis of a Reshape has.
 */
export function freeBatch(model: Model, batch: number): Model {
  const { graph } = model;
  const free = (info: ValueInfo): ValueInfo => ({
    ...info,
    shape: ["batch", ...(info.shape ?? []).slice(1)],
  });
  const initializers = new Map<string, Tensor>(graph.initializers);
  const nodes = graph.nodes.map((node) => {
    const target = node.op === "Reshape" ? graph.initializers.get(node.inputs[1]) : undefined;
    if (!target) return node;
    const sizes = Array.from(target.data as BigInt64Array, Number);
    // ONNX Runtime folds rows of all items into one axis before a Gemm. A leading size may always be inferred.
    if (sizes[0] <= 0 || sizes[0] % batch !== 0 || sizes.includes(-1)) return node;
    const name = `${node.name}/any batch`;
    initializers.set(name, int64([-1, ...sizes.slice(1)]));
    return { ...node, inputs: [node.inputs[0], name] };
  });
  const used = new Set(nodes.flatMap((node) => node.inputs));
  return {
    ...model,
    graph: {
      ...graph,
      nodes,
      inputs: graph.inputs.map(free),
      outputs: graph.outputs.map(free),
      initializers: new Map([...initializers].filter(([name]) => used.has(name))),
      values: new Map(),
    },
  };
}
