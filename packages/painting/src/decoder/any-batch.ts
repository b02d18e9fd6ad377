/** Naming the batch axis of a model in which nothing holds the batch's size. */

import type { Model, ValueInfo } from "@optogram/onnx";

export function withAnyBatch(model: Model): Model {
  const { graph } = model;
  const free = (info: ValueInfo): ValueInfo => ({
    ...info,
    shape: ["batch", ...(info.shape ?? []).slice(1)],
  });
  const inputs = graph.inputs.map(free);
  return { ...model, graph: { ...graph, inputs, outputs: graph.outputs.map(free), values: new Map() } };
}
