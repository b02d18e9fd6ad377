/** The trained image tower as a model. */

import { storedWeights, type Weights } from "@optogram/networks";
import { GraphBuilder, type Model, type Value } from "@optogram/onnx";
import type { Tensors } from "./objective.ts";
import { unitLength } from "./sigmoid.ts";
import { type VisionShape, visionTower } from "./vision.ts";

/**
 * The image tower for one batch size: input `images`; outputs `embedding` [b, e] of unit length, `tokens` [b, n, d],
 * and each block's tokens `block.i`. `embed` makes the embedding of the mean of the tokens; by default it is that mean
 * itself, at unit length.
 */
export function towerModel(
  shape: VisionShape,
  weights: Tensors,
  batch: number,
  embed: (w: Weights, pooled: Value) => Value = (_, pooled) => unitLength(pooled),
): Model {
  const graph = new GraphBuilder();
  const stored = storedWeights(graph, weights);
  const tower = visionTower(stored, graph.input("images", [batch, 3, shape.size, shape.size]), shape);
  graph.output("embedding", embed(stored, tower.pooled));
  graph.output("tokens", tower.tokens);
  for (const [i, block] of tower.blocks.entries()) graph.output(`block.${i}`, block);
  return graph.model("image tower");
}
