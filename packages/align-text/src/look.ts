/** The debugging cases: one image, its parts, prompts and their words. */

import type { Encoder, TextEncoder } from "@optogram/encoders";
import { type ImageSource, wantedSide } from "@optogram/images";
import { type Crop, cropped, whole, withoutEachWord } from "./debug.ts";
import { cosine } from "./gap.ts";
import type { Parameters } from "./parameters.ts";
import type { DebugRow, WordRow } from "./tables.ts";

/** The largest shortest side that an image is read at for its crops, in pixels. */
const largest = 4096;

export interface Looked {
  readonly parts: readonly DebugRow[];
  readonly words: readonly WordRow[];
}

/** Every case of `debug`, the prompts of each part from the nearest. */
export async function look(
  cases: Parameters["debug"],
  source: ImageSource,
  encoder: Encoder,
  texts: TextEncoder,
): Promise<Looked> {
  const parts: DebugRow[] = [];
  const words: WordRow[] = [];
  for (const [at, { image, prompts, crops }] of cases.entries()) {
    const regions = [whole, ...crops];
    const images = await embedParts(image, regions, source, encoder, texts);
    const d = texts.dimension;
    const asked = await texts.embed(prompts);
    for (const [r, crop] of regions.entries()) {
      const rows = prompts.map((prompt, p) => ({
        ...{ case: at, image, crop, prompt },
        cosine: cosine(images, r, asked, p, d),
      }));
      parts.push(...rows.sort((a, b) => b.cosine - a.cosine));
    }
    for (const [p, prompt] of prompts.entries()) {
      const shortened = withoutEachWord(prompt);
      const rows = await texts.embed(shortened.map(({ text }) => text));
      const all = cosine(images, 0, asked, p, d);
      for (const [i, { word, position }] of shortened.entries()) {
        const without = cosine(images, 0, rows, i, d);
        words.push({ case: at, prompt, position, word, cosine: without, effect: all - without });
      }
    }
  }
  return { parts, words };
}

/** Parts of an image in the joint space, a row each. */
async function embedParts(
  image: number,
  regions: readonly Crop[],
  source: ImageSource,
  encoder: Encoder,
  texts: TextEncoder,
): Promise<Float32Array> {
  const smallest = Math.min(
    ...regions.flatMap(([, , width, height]) => [width, height]).filter((side) => side > 0),
  );
  const side = Math.min(largest, Math.ceil(wantedSide(encoder.card.input.preprocessing) / smallest));
  const picture = await source.read(image, side);
  const inputs = regions.map((region) => encoder.preprocess(cropped(picture, region)));
  const pixels = new Float32Array(inputs.length * inputs[0].length);
  for (const [i, input] of inputs.entries()) pixels.set(input, i * input.length);
  return texts.project(await encoder.embed(pixels, inputs.length), inputs.length);
}
