/** Image and text towers trained against each other, by pairwise sigmoids (SigLIP) or by softmax (CLIP). */

import { linear, storedWeights, type Weights } from "@optogram/networks";
import { GraphBuilder, type Model, type Value } from "@optogram/onnx";
import { captionWords, type Scene } from "@optogram/scenes";
import { type HeldOut, joined, overHeldOut } from "../held-out.ts";
import type { Objective, OwnScore, Tensors, TrainingLoss } from "../objective.ts";
import { drawScenes, matchesOf, scenesOf, textCount, textsOf } from "../samples.ts";
import { retrieval } from "../scores.ts";
import { type EncoderSettings, visionShape } from "../settings.ts";
import { unitLength } from "../sigmoid.ts";
import { presenceOf, type TextShape, textTower, tokenize } from "../text.ts";
import { towerModel } from "../tower.ts";
import { type VisionShape, visionTower } from "../vision.ts";

export interface ContrastiveShape {
  readonly vision: VisionShape;
  readonly text: TextShape;
  /** Dimensions of the joint space. */
  readonly embedding: number;
}

/** A loss of unit embeddings images [n, d] and texts [m, d], and matches [n, m] of 1 and −1. */
export type Contrast = (w: Weights, images: Value, texts: Value, matches: Value) => Value;

/** Words a caption may have; longer ones are cut (the longest of 20,000 has 26). */
const context = 26;

export function contrastiveShape(settings: EncoderSettings): ContrastiveShape {
  return {
    vision: visionShape(settings),
    text: { width: 128, depth: 2, heads: 4, expansion: 4, context, vocabulary: captionWords },
    embedding: settings.embedding,
  };
}

export const contrastive =
  (contrast: Contrast) =>
  (settings: EncoderSettings): Objective => {
    const { batch, seed, size } = settings;
    const shape = contrastiveShape(settings);
    return {
      loss: ({ weights }) => contrastiveLoss(weights, contrast, shape, { batch, texts: textCount(batch) }),
      async batch(step) {
        const { scenes, images } = await drawScenes(scenesOf(seed, step * batch, batch), size);
        return { images, ...textFeeds(scenes, shape.text) };
      },
      tower: (variables, count) => imageTowerModel(shape, variables, count),
      judge: (variables, heldOut) => captionRetrieval(shape, variables, heldOut),
    };
  };

/** Inputs: images [b, 3, s, s], and those of {@link textInputs}. */
export function contrastiveLoss(
  weights: Weights,
  contrast: Contrast,
  shape: ContrastiveShape,
  count: { readonly batch: number; readonly texts: number },
): TrainingLoss {
  const { size } = shape.vision;
  const images = weights.graph.input("images", [count.batch, 3, size, size]);
  const texts = textInputs(weights.graph, shape.text, count);
  const embedding = imageEmbedding(weights, visionTower(weights, images, shape.vision).pooled, shape);
  return { loss: textContrast(weights, contrast, embedding, texts, shape), embedding };
}

export interface TextInputs {
  readonly tokens: Value;
  readonly present: Value;
  readonly matches: Value;
}

/** tokens int64 [texts, t], present [texts, t] and matches [b, texts]. */
export function textInputs(
  graph: GraphBuilder,
  { context }: TextShape,
  { batch, texts }: { readonly batch: number; readonly texts: number },
): TextInputs {
  return {
    tokens: graph.input("tokens", [texts, context], "int64"),
    present: graph.input("present", [texts, context]),
    matches: graph.input("matches", [batch, texts]),
  };
}

export function textFeeds(scenes: readonly Scene[], shape: TextShape): Tensors {
  const tokens = tokenize(textsOf(scenes), shape);
  return { tokens, present: presenceOf(tokens), matches: matchesOf(scenes) };
}

/** The loss between image embeddings [b, e] of unit length and the texts. */
export function textContrast(
  weights: Weights,
  contrast: Contrast,
  images: Value,
  { tokens, present, matches }: TextInputs,
  shape: ContrastiveShape,
): Value {
  const texts = textEmbedding(weights, tokens, present, shape);
  return contrast(weights, images, texts, matches);
}

export function imageEmbedding(weights: Weights, pooled: Value, shape: ContrastiveShape): Value {
  return unitLength(linear(weights, "vision.head", pooled, shape.embedding));
}

function textEmbedding(weights: Weights, tokens: Value, present: Value, shape: ContrastiveShape): Value {
  return unitLength(
    linear(weights, "text.head", textTower(weights, tokens, present, shape.text), shape.embedding),
  );
}

/** The image tower with its embedding in the joint space. */
export function imageTowerModel(shape: ContrastiveShape, weights: Tensors, batch: number): Model {
  return towerModel(shape.vision, weights, batch, (w, pooled) => imageEmbedding(w, pooled, shape));
}

/** How often the nearest of all held-out captions is a picture's own, or one of the same words. */
export async function captionRetrieval(
  shape: ContrastiveShape,
  variables: Tensors,
  heldOut: HeldOut,
): Promise<OwnScore> {
  const graph = new GraphBuilder();
  const weights = storedWeights(graph, variables);
  const { size } = shape.vision;
  const { context } = shape.text;
  const images = graph.input("images", [heldOut.batch, 3, size, size]);
  const tokens = graph.input("tokens", [heldOut.batch, context], "int64");
  const present = graph.input("present", [heldOut.batch, context]);
  const { pooled } = visionTower(weights, images, shape.vision);
  graph.output("image", imageEmbedding(weights, pooled, shape));
  graph.output("text", textEmbedding(weights, tokens, present, shape));
  const captions: string[] = [];
  const seen: Float32Array[] = [];
  const read: Float32Array[] = [];
  await overHeldOut(
    graph.model("captions"),
    size,
    heldOut,
    (scenes) => {
      const words = tokenize(
        scenes.map(({ caption }) => caption),
        shape.text,
      );
      return { tokens: words, present: presenceOf(words) };
    },
    ({ image, text }, scenes) => {
      seen.push(image);
      read.push(text);
      captions.push(...scenes.map(({ caption }) => caption));
    },
  );
  const { found, chance } = retrieval(
    joined(seen),
    joined(read),
    shape.embedding,
    (i, j) => captions[i] === captions[j],
  );
  return {
    measure: `own caption nearest among ${captions.length}, %`,
    value: 100 * found,
    baseline: { name: "chance", value: 100 * chance },
  };
}
