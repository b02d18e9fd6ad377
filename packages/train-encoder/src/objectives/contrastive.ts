/** Image and text towers trained against each other, by pairwise sigmoids (SigLIP) or by softmax (CLIP). */

import type { Weights } from "@optogram/networks";
import type { GraphBuilder, Value } from "@optogram/onnx";
import type { Scene } from "@optogram/scenes";
import {
  type ContrastiveShape,
  captionRetrieval,
  contrastiveShape,
  imageEmbedding,
  imageTowerModel,
  textEmbedding,
  textExportOf,
} from "../joint-space.ts";
import type { Objective, Tensors, TrainingLoss } from "../objective.ts";
import { drawScenes, matchesOf, scenesOf, textCount, textsOf } from "../samples.ts";
import type { EncoderSettings } from "../settings.ts";
import { presenceOf, type TextShape, tokenize } from "../text.ts";

/** A loss of unit embeddings images [n, d] and texts [m, d], and matches [n, m] of 1 and −1. */
export type Contrast = (w: Weights, images: Value, texts: Value, matches: Value) => Value;

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
      text: (variables, count) => textExportOf(shape, variables, count),
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
  const { size } = shape.tower;
  const images = weights.graph.input("images", [count.batch, 3, size, size]);
  const texts = textInputs(weights.graph, shape.text, count);
  const embedding = imageEmbedding(weights, shape.tower.see(weights, images).pooled, shape);
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
