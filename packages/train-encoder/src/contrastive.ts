/** Image and text towers trained against each other: the training step, and the image tower as a model. */

import { linear, storedWeights, trainedWeights, type Weights } from "@optogram/networks";
import { type Device, GraphBuilder, type Model, type Tensor } from "@optogram/onnx";
import { adamW, compileTrainingStep, type Normal, type TrainingStep, Variables } from "@optogram/training";
import { sigmoidLoss, unitLength } from "./sigmoid.ts";
import { type TextShape, textTower } from "./text.ts";
import { type VisionShape, visionTower } from "./vision.ts";

export interface ContrastiveShape {
  readonly vision: VisionShape;
  readonly text: TextShape;
  /** Dimensions of the joint space. */
  readonly embedding: number;
}

export interface ContrastiveStepOptions {
  readonly shape: ContrastiveShape;
  /** Images and texts a step. */
  readonly batch: number;
  readonly texts: number;
  readonly weightDecay: number;
  readonly random: Normal;
  readonly device?: Device;
}

/** Feeds: images [b, 3, s, s], tokens int64 [texts, t], present [texts, t], matches [b, texts]. */
export async function contrastiveStep({
  shape,
  batch,
  texts,
  weightDecay,
  random,
  device,
}: ContrastiveStepOptions): Promise<TrainingStep> {
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const weights = trainedWeights(variables, random);
  const { size } = shape.vision;
  const { context } = shape.text;
  const images = graph.input("images", [batch, 3, size, size]);
  const tokens = graph.input("tokens", [texts, context], "int64");
  const present = graph.input("present", [texts, context]);
  const matches = graph.input("matches", [batch, texts]);
  const seen = imageEmbedding(weights, visionTower(weights, images, shape.vision).pooled, shape);
  const read = linear(weights, "text.head", textTower(weights, tokens, present, shape.text), shape.embedding);
  const loss = sigmoidLoss(weights, seen, unitLength(read), matches);
  const optimizer = adamW({ weightDecay, beta2: 0.98 });
  return await compileTrainingStep({ loss, variables, optimizer, clipNorm: 1, ...(device && { device }) });
}

function imageEmbedding(
  weights: Weights,
  pooled: ReturnType<typeof visionTower>["pooled"],
  shape: ContrastiveShape,
) {
  return unitLength(linear(weights, "vision.head", pooled, shape.embedding));
}

/**
 * The image tower for one batch size: input `images`; outputs `embedding` [b, e] of unit length, `tokens` [b, n, d],
 * and each block's tokens `block.i`.
 */
export function imageTowerModel(
  shape: ContrastiveShape,
  weights: Readonly<Record<string, Tensor>>,
  batch: number,
): Model {
  const graph = new GraphBuilder();
  const { size } = shape.vision;
  const stored = storedWeights(graph, weights);
  const tower = visionTower(stored, graph.input("images", [batch, 3, size, size]), shape.vision);
  graph.output("embedding", imageEmbedding(stored, tower.pooled, shape));
  graph.output("tokens", tower.tokens);
  for (const [i, block] of tower.blocks.entries()) graph.output(`block.${i}`, block);
  return graph.model("image tower");
}
