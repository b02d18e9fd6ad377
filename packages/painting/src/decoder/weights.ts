/** Where the decoder's weights come from: variables while it trains, stored tensors once it is trained. */

import { type GraphBuilder, sizeOf, type Tensor, type Value } from "@optogram/onnx";
import { filledWith, type Normal, normal, type Variables } from "@optogram/training";

export interface DecoderWeights {
  /** [inputs, outputs] for a product. */
  matrix(name: string, inputs: number, outputs: number): Value;
  /** [m, c, k, k] for a convolution; `gain` multiplies what it starts as. */
  kernel(name: string, shape: readonly [number, number, number, number], gain?: number): Value;
  vector(name: string, size: number): Value;
}

/** Fresh weights that the training step will change: normal with variance 2 / fan-in (He et al. 2015). */
export function trainedWeights(variables: Variables, random: Normal): DecoderWeights {
  const scaled = (name: string, shape: readonly number[], fanIn: number, gain = 1) =>
    variables.parameter(name, normal(random, shape, gain * Math.sqrt(2 / fanIn)));
  return {
    matrix: (name, inputs, outputs) => scaled(name, [inputs, outputs], inputs),
    kernel: (name, shape, gain) => scaled(name, shape, sizeOf(shape.slice(1)), gain),
    vector: (name, size) => variables.parameter(name, filledWith(0, [size])),
  };
}

/** The weights of a trained decoder. */
export function storedWeights(
  graph: GraphBuilder,
  tensors: Readonly<Record<string, Tensor>>,
): DecoderWeights {
  const find = (name: string) => {
    const tensor = tensors[name];
    if (!tensor) throw new Error(`the decoder's weights lack ${name}`);
    return graph.initializer(name, tensor);
  };
  return { matrix: find, kernel: find, vector: find };
}
