/** Which of an encoder's tokens a reconstructor reads. */

import { type Card, EncoderError, type OutputName } from "@optogram/encoders";
import { inputSize } from "@optogram/images";
import { z } from "zod";

export const layerSchema = z.union([z.enum(["last", "next-to-last"]), z.int().min(0)]);

/**
 * `last`: the card's tokens. A number: the card's `block.NUMBER`, or of a ConvNet `stage.NUMBER`. `next-to-last`: the
 * last but one of those.
 */
export type Layer = z.infer<typeof layerSchema>;

/** @throws EncoderError where the card has no such layer. */
export function outputOf({ name, outputs }: Card, layer: Layer): OutputName {
  if (layer === "last") {
    if (outputs.tokens) return "tokens";
    throw new EncoderError(`${name}: the card names no tokens among its outputs`);
  }
  const blocks = numbersOf(outputs, "block");
  const kind = blocks.length > 0 ? "block" : "stage";
  const numbers = kind === "block" ? blocks : numbersOf(outputs, kind);
  const number = layer === "next-to-last" ? numbers.at(-2) : numbers.find((known) => known === layer);
  if (number !== undefined) return `layers.${kind}.${number}`;
  const known = numbers.length === 0 ? "no blocks or stages" : `${kind}s ${numbers.join(", ")}`;
  throw new EncoderError(`${name}: there is no layer ${layer}: the card's outputs have ${known}`);
}

function numbersOf({ layers }: Card["outputs"], kind: "block" | "stage"): number[] {
  return Object.keys(layers)
    .flatMap((key) => (key.startsWith(`${kind}.`) ? key.slice(kind.length + 1) : []))
    .filter((text) => /^\d+$/.test(text))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * [rows, columns] of `count` tokens: the card's, else of the input's proportions (as a ConvNet's maps are).
 * @throws EncoderError where they fill no such grid.
 */
export function gridOf(card: Card, output: OutputName, count: number): [number, number] {
  const { tokens, layers } = card.outputs;
  const given = (output === "tokens" ? tokens : layers[output.slice("layers.".length)])?.grid;
  const [height, width] = inputSize(card.input.preprocessing);
  const rows = given?.[0] ?? Math.round(Math.sqrt((count * height) / width));
  const columns = given?.[1] ?? count / rows;
  if (rows * columns === count && Number.isInteger(columns)) return [rows, columns];
  throw new EncoderError(
    `${card.name}: ${count} tokens fill no grid of ${given ?? `the input's proportions, ${height} × ${width}`}: name "grid" on the card`,
  );
}

/** How often the grid is doubled so that the picture comes closest to the encoder's input, to which a patch of 16 has four. */
export function doublingsOf(card: Card, [rows]: readonly [number, number]): number {
  const [height] = inputSize(card.input.preprocessing);
  return Math.max(1, Math.round(Math.log2(height / rows)));
}
