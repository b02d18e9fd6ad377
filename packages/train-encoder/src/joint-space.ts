/** The joint space of pictures and captions: how each gets there, and how well they meet. */

import { linear, storedWeights, type Weights } from "@optogram/networks";
import { GraphBuilder, type Model, type Value } from "@optogram/onnx";
import { captionWords } from "@optogram/scenes";
import { stacked } from "@optogram/statistics";
import { type HeldOut, overHeldOut } from "./held-out.ts";
import type { OwnScore, Tensors } from "./objective.ts";
import { retrieval } from "./scores.ts";
import { type EncoderSettings, towerOf } from "./settings.ts";
import { unitLength } from "./sigmoid.ts";
import { presenceOf, type TextShape, textTower, tokenize } from "./text.ts";
import { textExport } from "./text-export.ts";
import { type Tower, towerModel } from "./tower.ts";

export interface ContrastiveShape {
  readonly tower: Tower;
  readonly text: TextShape;
  /** Dimensions of the joint space. */
  readonly embedding: number;
}

/** Words a caption may have; longer ones are cut (the longest of 20,000 has 26). */
const context = 26;

/** The text tower of all objectives that read captions. */
export const captionText: TextShape = {
  width: 128,
  depth: 2,
  heads: 4,
  expansion: 4,
  context,
  vocabulary: captionWords,
};

export function contrastiveShape(settings: EncoderSettings): ContrastiveShape {
  return { tower: towerOf(settings), text: captionText, embedding: settings.embedding };
}

/** The mean of the tokens [b, d] → [b, e] of unit length. */
export function imageEmbedding(weights: Weights, pooled: Value, shape: ContrastiveShape): Value {
  return unitLength(linear(weights, "vision.head", pooled, shape.embedding));
}

/** tokens int64 and present [texts, t] → [texts, e] of unit length. */
export function textEmbedding(
  weights: Weights,
  tokens: Value,
  present: Value,
  shape: ContrastiveShape,
): Value {
  return unitLength(
    linear(weights, "text.head", textTower(weights, tokens, present, shape.text), shape.embedding),
  );
}

/** The image tower with its embedding in the joint space. */
export function imageTowerModel(shape: ContrastiveShape, weights: Tensors, batch: number): Model {
  return towerModel(shape.tower, weights, batch, (w, pooled) => imageEmbedding(w, pooled, shape));
}

/** The text tower with its embedding in the joint space. */
export function textExportOf({ text, embedding }: ContrastiveShape, weights: Tensors, batch: number) {
  return textExport(text, embedding, weights, batch);
}

/** How often the nearest of all held-out captions is a picture's own, or one of the same words. */
export async function captionRetrieval(
  shape: ContrastiveShape,
  variables: Tensors,
  heldOut: HeldOut,
  embed = (w: Weights, pooled: Value) => imageEmbedding(w, pooled, shape),
): Promise<OwnScore> {
  const graph = new GraphBuilder();
  const weights = storedWeights(graph, variables);
  const { size } = shape.tower;
  const { context } = shape.text;
  const images = graph.input("images", [heldOut.batch, 3, size, size]);
  const tokens = graph.input("tokens", [heldOut.batch, context], "int64");
  const present = graph.input("present", [heldOut.batch, context]);
  const { pooled } = shape.tower.see(weights, images);
  graph.output("image", embed(weights, pooled));
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
    stacked(seen),
    stacked(read),
    shape.embedding,
    (i, j) => captions[i] === captions[j],
  );
  return {
    measure: `own caption nearest among ${captions.length}, %`,
    value: 100 * found,
    baseline: { name: "chance", value: 100 * chance },
  };
}
