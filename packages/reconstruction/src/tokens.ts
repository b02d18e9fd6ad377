/** Pictures through a frozen encoder to the tokens of one of its layers. */

import { type EncoderParts, openEncoder } from "@optogram/encoders";
import { inputSize, type Preprocessing } from "@optogram/images";
import { gridOf, type Layer, outputOf } from "./layer.ts";

export interface TokenReader {
  /** [height, width] of the encoder's input. */
  readonly input: readonly [number, number];
  /** [rows, columns] of tokens. */
  readonly grid: readonly [number, number];
  /** Numbers of a token. */
  readonly width: number;
  /** Pictures [n, 3, ...input] of red, green, blue in 0..1 → tokens [n, rows · columns, width], as the encoder gives them. */
  tokens(pictures: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface TokenOptions {
  readonly device?: string;
  /** Pictures a run. */
  readonly batch?: number;
}

/** @throws EncoderError where the card has no such layer. */
export async function openTokens(
  parts: EncoderParts,
  layer: Layer,
  options: TokenOptions = {},
): Promise<TokenReader> {
  const output = outputOf(parts.card, layer);
  const encoder = await openEncoder(parts, { ...options, outputs: [output] });
  try {
    const { preprocessing } = parts.card.input;
    const input = inputSize(preprocessing);
    const each = 3 * input[0] * input[1];
    const [, count, width] = (await encoder.encode(new Float32Array(), 0))[output].shape;
    return {
      input,
      grid: gridOf(parts.card, output, count),
      width,
      async tokens(pictures) {
        const n = pictures.length / each;
        if (!Number.isInteger(n))
          throw new RangeError(`${pictures.length} numbers are no pictures of [3, ${input}]`);
        return (await encoder.encode(encoderInput(pictures, preprocessing), n))[output].data;
      },
      close: () => encoder.close(),
    };
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** Pictures from 0 to 1 as the encoder's card wants them: (pixel × scale − mean) / std, in its order of channels. */
function encoderInput(pictures: Float32Array, preprocessing: Preprocessing): Float32Array {
  const [height, width] = inputSize(preprocessing);
  const plane = height * width;
  const { mean, std, scale, channels } = preprocessing;
  const factor = scale === 1 ? 255 : 1;
  const result = new Float32Array(pictures.length);
  for (let from = 0; from < pictures.length; from += plane) {
    const channel = (from / plane) % 3;
    const to = channels === "rgb" ? from : from + (2 - 2 * channel) * plane;
    for (let i = 0; i < plane; i++)
      result[to + i] = (pictures[from + i] * factor - mean[channel]) / std[channel];
  }
  return result;
}
