/** A trained encoder, frozen, inside another network's graph. */

import { type EncoderParts, encoderGraph } from "@optogram/encoders";
import { inputSize, type Preprocessing } from "@optogram/images";
import { add, float32, matmul, mul, type TypedModel, transpose, type Value } from "@optogram/onnx";
import { interpolationMatrix, normalise } from "@optogram/painting";
import { gridOf } from "@optogram/reconstruction";
import type { Grid } from "./resampling.ts";

export interface TeacherOutput {
  /** [b, dimension], at unit length where the card says so. */
  readonly embedding: Value;
  /** [b, rows · columns, width]. */
  readonly tokens: Value;
}

export interface Teacher {
  readonly grid: Grid;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Numbers of a token. */
  readonly width: number;
  /** images [b, 3, s, s] from −1 to 1. */
  see(images: Value): TeacherOutput;
}

/**
 * The encoder for one batch size.
 * @throws EncoderError where it has no tokens, or does not fit its card
 */
export async function openTeacher({ card, model }: EncoderParts, batch: number): Promise<Teacher> {
  const network = await encoderGraph(card, model, batch, ["embedding", "tokens"]);
  const shapeOf = (name: string) => network.graph.outputs.find((output) => output.name === name)?.shape;
  const [, dimension] = shapeOf("embedding") as readonly number[];
  const [, places, width] = shapeOf("tokens") as readonly number[];
  return {
    grid: gridOf(card, "tokens", places),
    dimension,
    width,
    see: (images) => see(network, images, card.input.preprocessing),
  };
}

function see(network: TypedModel, images: Value, preprocessing: Preprocessing): TeacherOutput {
  const pictures = resized(mul(add(images, 1), 0.5), inputSize(preprocessing));
  const inner = images.graph.splice(network, { pixels: normalise(pictures, preprocessing) }, "taught/");
  return { embedding: inner.get("embedding") as Value, tokens: inner.get("tokens") as Value };
}

/** Pictures [b, 3, h, w] at another size. */
function resized(pictures: Value, [height, width]: readonly [number, number]): Value {
  const [, , rows, columns] = pictures.shape;
  const along = (out: number, size: number) =>
    pictures.graph.constant(float32(interpolationMatrix(out, size, 0, size), [out, size]));
  const tall = rows === height ? pictures : matmul(along(height, rows), pictures);
  return columns === width ? tall : matmul(tall, transpose(along(width, columns)));
}
