/** A trained decoder as an ONNX model for any number of directions. */

import { GraphBuilder, halveWeights, type Model, type Tensor } from "@optogram/onnx";
import { withAnyBatch } from "./any-batch.ts";
import { type DecoderShape, decode } from "./network.ts";
import { storedWeights } from "./weights.ts";

/**
 * Input `directions` [batch, d] of any length but zero, output `pictures` [batch, 3, size, size] of red, green, blue
 * from 0 to 1. Weights are stored as float16 and computed with as float32.
 */
export function decoderModel(tensors: Readonly<Record<string, Tensor>>, shape: DecoderShape): Model {
  const graph = new GraphBuilder();
  const directions = graph.input("directions", [1, shape.dimension]);
  graph.output("pictures", decode(storedWeights(graph, tensors), directions, shape));
  return halveWeights(withAnyBatch(graph.model("decoder")));
}
