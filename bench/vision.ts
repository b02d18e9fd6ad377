/** A ViT-S/16 with random weights: width 384, 12 blocks, 6 heads, the mean of its tokens. */

import type { Weights } from "@optogram/networks";
import { GraphBuilder, type Value } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { visionTower } from "@optogram/train-encoder";
import { fanInNormal, filledWith, normal } from "@optogram/training";

export interface SmallVision {
  readonly graph: GraphBuilder;
  /** [batch, 3, size, size] */
  readonly images: Value;
  /** [batch, 384] */
  readonly pooled: Value;
}

export function smallVision(batch: number, size: number): SmallVision {
  const graph = new GraphBuilder();
  const images = graph.input("images", [batch, 3, size, size]);
  const shape = { width: 384, depth: 12, heads: 6, expansion: 4, patch: 16, size };
  return { graph, images, pooled: visionTower(randomWeights(graph), images, shape).pooled };
}

function randomWeights(graph: GraphBuilder): Weights {
  const random = seededRandom(0);
  const draw = () => random.normal();
  return {
    graph,
    matrix: (name, inputs, outputs) => graph.initializer(name, fanInNormal(draw, [inputs, outputs])),
    kernel: (name, shape, fanIn) => graph.initializer(name, normal(draw, shape, fanIn ** -0.5)),
    table: (name, shape) => graph.initializer(name, normal(draw, shape, 0.02)),
    vector: (name, size, value) => graph.initializer(name, filledWith(value, [size])),
    scalar: (name, value) => graph.initializer(name, filledWith(value, [])),
  };
}
