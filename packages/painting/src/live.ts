/** The encoder as the atlas's page runs it. */

import { inputSize } from "@optogram/images";
import { GraphBuilder, halveWeights, type Model } from "@optogram/onnx";
import { embeddingGraph, type Network } from "./judge.ts";
import { normalise } from "./normalise.ts";
import { embed } from "./objective.ts";

/** Input `pixels` [1, 3, height, width], RGB in 0..1; output `embedding` [1, d]. Weights are stored as float16. */
export async function liveEncoder(encoder: Network): Promise<Model> {
  const { preprocessing } = encoder.card.input;
  const graph = new GraphBuilder();
  const pixels = graph.input("pixels", [1, 3, ...inputSize(preprocessing)]);
  graph.output("embedding", embed(await embeddingGraph(encoder, 1), normalise(pixels, preprocessing)));
  return halveWeights(graph.model(encoder.card.name));
}
