/** The trained text tower as a model, and what a card says of it. */

import { linear, storedWeights } from "@optogram/networks";
import { cast, GraphBuilder, type Model, min, type Value } from "@optogram/onnx";
import type { Tensors } from "./objective.ts";
import { unitLength } from "./sigmoid.ts";
import { type TextShape, textTower } from "./text.ts";

/** The file in the card's folder that holds the text tower. */
export const textFile = "text.onnx";

export interface TextExport {
  /** Input `ids` int64 [b, context], 0 is padding; output `embedding` [b, e] of unit length. */
  readonly model: Model;
  readonly context: number;
  /** Word i is token i + 1. */
  readonly vocabulary: readonly string[];
  /** What the contrast multiplied cosines by at the end of the training. */
  readonly temperature: number;
}

/** From the variables of a step that trained texts against pictures; the model is for `batch` texts. */
export function textExport(
  text: TextShape,
  embedding: number,
  variables: Tensors,
  batch: number,
): TextExport {
  const graph = new GraphBuilder();
  const weights = storedWeights(graph, variables);
  const ids = graph.input("ids", [batch, text.context], "int64");
  const present: Value = min(cast(ids, "float32"), 1);
  graph.output(
    "embedding",
    unitLength(linear(weights, "text.head", textTower(weights, ids, present, text), embedding)),
  );
  const logarithm = variables["logit.temperature"].data[0] as number;
  return {
    model: graph.model("text tower"),
    context: text.context,
    vocabulary: text.vocabulary,
    temperature: Math.min(Math.exp(logarithm), 100),
  };
}

/** The card's `text`. */
export function textCard({ context, vocabulary, temperature }: TextExport) {
  return {
    file: textFile,
    context,
    tokenizer: { vocabulary },
    temperature: Number(temperature.toPrecision(4)),
  };
}
