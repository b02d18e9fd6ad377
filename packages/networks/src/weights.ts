/** Where a network's weights come from: variables while it trains, stored tensors once it is trained. */

import type { GraphBuilder, Tensor, Value } from "@optogram/onnx";
import { fanInNormal, filledWith, type Normal, normal, type Variables } from "@optogram/training";

export interface Weights {
  readonly graph: GraphBuilder;
  /** A matrix [inputs, outputs] for a product. */
  matrix(name: string, inputs: number, outputs: number, gain?: number): Value;
  /** A tensor of small random numbers (tokens, position embeddings), deviation 0.02. */
  table(name: string, shape: readonly number[]): Value;
  vector(name: string, size: number, value: number): Value;
  scalar(name: string, value: number): Value;
}

/** Fresh weights that the training step will change. */
export function trainedWeights(variables: Variables, random: Normal): Weights {
  const add = (name: string, tensor: Tensor, decays?: boolean) =>
    variables.parameter(name, tensor, decays === undefined ? {} : { decays });
  return {
    graph: variables.graph,
    matrix: (name, inputs, outputs, gain = 1) => {
      const tensor = fanInNormal(random, [inputs, outputs]);
      for (let i = 0; i < tensor.data.length; i++) (tensor.data as Float32Array)[i] *= gain;
      return add(name, tensor);
    },
    table: (name, shape) => add(name, normal(random, shape, 0.02), false),
    vector: (name, size, value) => add(name, filledWith(value, [size])),
    scalar: (name, value) => add(name, filledWith(value, [])),
  };
}

/** The weights of a trained network. */
export function storedWeights(graph: GraphBuilder, tensors: Readonly<Record<string, Tensor>>): Weights {
  const find = (name: string) => {
    const tensor = tensors[name];
    if (!tensor) throw new Error(`the weights lack ${name}`);
    return graph.initializer(name, tensor);
  };
  return { graph, matrix: find, table: find, vector: find, scalar: find };
}
