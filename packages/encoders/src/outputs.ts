/** An encoder's graph with outputs of fixed names and shapes, whatever the exporter called and shaped its own. */

import { inputSize } from "@optogram/images";
import {
  cut,
  div,
  GraphBuilder,
  type Model,
  ModelError,
  max,
  reduceL2,
  reduceMean,
  reshape,
  slice,
  specialise,
  type TypedModel,
  transpose,
  type Value,
} from "@optogram/onnx";
import type { Card, TokensOutput } from "./card.ts";
import { EncoderError, firstLine } from "./error.ts";
import type { EncoderNetwork } from "./network.ts";

/** `embedding` [n, d]; `tokens` [n, patches, width]; `layers.NAME` likewise. */
export type OutputName = "embedding" | "tokens" | `layers.${string}`;

/**
 * The encoder as a graph of static shapes: input `pixels` [batch, 3, height, width], the outputs asked for, and no
 * node that they do not need. A model that was exported for one batch size keeps that one.
 * @throws EncoderError where card and model do not fit.
 */
export async function encoderGraph(
  card: Card,
  model: EncoderNetwork,
  batch: number,
  outputs: readonly OutputName[],
): Promise<TypedModel> {
  try {
    const tensors = outputs.map((output) => tensorOf(card, output));
    const network = await networkOf(card, model, batch, [...new Set(tensors)]);
    const [{ name, shape }] = network.graph.inputs;
    const g = new GraphBuilder();
    const inner = g.splice(network, { [name]: g.input("pixels", shape as number[]) }, "encoder/");
    for (const [i, output] of outputs.entries()) {
      g.output(output, shapeOutput(card, output, inner.get(tensors[i]) as Value));
    }
    return g.model(card.name);
  } catch (error) {
    // ONNX Runtime throws plain errors.
    const fromModel = error instanceof ModelError || (error instanceof Error && error.name === "Error");
    if (!fromModel) throw error;
    throw new EncoderError(`${card.name}: the model does not fit its card: ${firstLine(error)}`, {
      cause: error,
    });
  }
}

/** A graph of static shapes from one input of pixels to `tensors`. */
async function networkOf(
  card: Card,
  model: EncoderNetwork,
  batch: number,
  tensors: readonly string[],
): Promise<TypedModel> {
  const size = inputSize(card.input.preprocessing);
  if ("build" in model) return model.build(batch, size, tensors);
  const part = await cut(model, { outputs: tensors });
  const name = inputName(card, part);
  const declared = part.graph.inputs.find((input) => input.name === name)?.shape?.[0];
  const shape = [typeof declared === "number" ? declared : batch, 3, ...size];
  return specialise(part, { [name]: shape });
}

function inputName(card: Card, { graph }: Model): string {
  const names = graph.inputs.map((input) => input.name);
  const wanted = card.input.tensor ?? (names.length === 1 ? names[0] : undefined);
  if (wanted !== undefined && names.includes(wanted)) {
    if (names.length === 1) return wanted;
    throw new EncoderError(
      `${card.name}: the outputs also need the inputs ${names.filter((n) => n !== wanted)}`,
    );
  }
  throw new EncoderError(
    `${card.name}: input.tensor on the card has to be one of the model's inputs: ${names}`,
  );
}

function tensorOf(card: Card, output: OutputName): string {
  return output === "embedding" ? card.outputs.embedding.tensor : tokensOf(card, output).tensor;
}

function tokensOf(card: Card, output: Exclude<OutputName, "embedding">): TokensOutput {
  const found =
    output === "tokens" ? card.outputs.tokens : card.outputs.layers[output.slice("layers.".length)];
  if (found === undefined)
    throw new EncoderError(`${card.name}: there is no "${output}" among the card's outputs`);
  return found;
}

function shapeOutput(card: Card, output: OutputName, value: Value): Value {
  if (output !== "embedding") return patchTokens(card, tokensOf(card, output), value);
  const embedding = pooled(card, value);
  if (!card.normalised) return embedding;
  return div(embedding, max(reduceL2(embedding, { axes: [1], keep: true }), 1e-12));
}

function pooled(card: Card, value: Value): Value {
  const { tensor, pool, prefix } = card.outputs.embedding;
  const [n = 0, ...rest] = value.shape;
  const rank = { none: value.shape.length, mean: 3, cls: 3, "spatial-mean": 4 }[pool];
  if (value.shape.length !== rank || rest.length === 0) {
    throw new EncoderError(
      `${card.name}: "${tensor}" is [${value.shape}], which pool "${pool}" does not fit`,
    );
  }
  switch (pool) {
    case "none":
      return reshape(value, [n, rest.reduce((product, size) => product * size)]);
    case "cls":
      return reshape(slice(value, 1, 0, 1), [n, rest[1]]);
    case "mean":
      if (prefix >= rest[0]) {
        throw new EncoderError(
          `${card.name}: "${tensor}" has ${rest[0]} tokens, and the prefix takes ${prefix}`,
        );
      }
      return reduceMean(slice(value, 1, prefix, rest[0]), { axes: [1] });
    case "spatial-mean":
      return reduceMean(value, { axes: [2, 3] });
  }
}

function patchTokens(card: Card, { tensor, layout, prefix, grid }: TokensOutput, value: Value): Value {
  const [n = 0, a = 0, b = 0, c = 0] = value.shape;
  if (value.shape.length !== (layout === "map" ? 4 : 3)) {
    throw new EncoderError(`${card.name}: "${tensor}" is [${value.shape}], which is no ${layout}`);
  }
  if (layout === "map") return transpose(reshape(value, [n, a, b * c]), [0, 2, 1]);
  const patches = a - prefix;
  const [rows, columns] = grid ?? [Math.sqrt(patches), Math.sqrt(patches)];
  if (patches < 1 || rows * columns !== patches || !Number.isInteger(rows)) {
    throw new EncoderError(
      `${card.name}: "${tensor}" has ${a} tokens, not a prefix of ${prefix} and ${grid ? `a grid of ${grid}` : "a square grid"}`,
    );
  }
  return slice(value, 1, prefix, a);
}
