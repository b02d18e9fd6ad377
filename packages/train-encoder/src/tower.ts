/** The image tower: a network from pictures to tokens, and the trained one as a model. */

import { channelsFirst, storedWeights, type Weights } from "@optogram/networks";
import { GraphBuilder, type Model, type Value } from "@optogram/onnx";
import type { Tensors } from "./objective.ts";
import { unitLength } from "./sigmoid.ts";

/** What a tower makes of pictures. */
export interface Seen {
  /** [b, width]: the mean of the tokens. */
  readonly pooled: Value;
  /** [b, side², width], row by row, after the final norm. */
  readonly tokens: Value;
  /** The output of each layer, in the tower's layout. */
  readonly layers: Readonly<Record<string, Value>>;
}

/** What most objectives know of a network. Its weights are called `vision.…`. */
export interface Tower {
  /** In words: "vision transformer (width 192, 6 blocks, patch 8)". */
  readonly title: string;
  /** The paper that it is from. */
  readonly reference: string;
  /** Side of the input in pixels. */
  readonly size: number;
  /** Numbers of a token. */
  readonly width: number;
  /** Side of the grid of tokens. */
  readonly side: number;
  /** How tokens and layers are exported: [b, side², width], or maps [b, width, side, side]. */
  readonly layout: "tokens" | "map";
  /** The side of each layer's grid, by the name of its output. */
  readonly layers: Readonly<Record<string, number>>;
  /** How many weights it has that are not trained, where any are. */
  readonly frozen?: number;
  /** images [b, 3, size, size] from −1 to 1. */
  see(w: Weights, images: Value): Seen;
}

/**
 * The image tower for one batch size: input `images`; outputs `embedding` [b, e] of unit length, `tokens` and each
 * layer in the tower's layout. `embed` makes the embedding of the mean of the tokens; by default it is that mean itself,
 * at unit length.
 */
export function towerModel(
  tower: Tower,
  weights: Tensors,
  batch: number,
  embed: (w: Weights, pooled: Value) => Value = (_, pooled) => unitLength(pooled),
): Model {
  const { size, side } = tower;
  const graph = new GraphBuilder();
  const stored = storedWeights(graph, weights);
  const { pooled, tokens, layers } = tower.see(stored, graph.input("images", [batch, 3, size, size]));
  graph.output("embedding", embed(stored, pooled));
  graph.output("tokens", tower.layout === "map" ? channelsFirst(tokens, [side, side]) : tokens);
  for (const [name, layer] of Object.entries(layers)) graph.output(name, layer);
  return graph.model("image tower");
}
