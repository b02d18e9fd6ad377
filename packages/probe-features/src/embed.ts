/** Draws the shots of a thing and embeds them. */

import type { Encoder } from "@optogram/encoders";
import { inputLength, wantedSide } from "@optogram/images";
import sharp from "sharp";
import { shotsOf } from "./probe.ts";
import type { Thing } from "./thing.ts";

export interface Embedded {
  /** [shots, drawings, d] */
  readonly embeddings: Float32Array;
  /** WebP files of the first drawing, one a shot. */
  readonly pictures: readonly Uint8Array[];
}

/** Side of the pictures that are kept, in pixels: for eyes, whatever the encoder takes. */
export const pictureSide = 128;

/** Pictures in work at a time. */
const lanes = 4;

/** @param seeds one a drawing */
export async function embedThing(
  thing: Thing,
  seeds: readonly number[],
  encoder: Encoder,
): Promise<Embedded> {
  const shots = shotsOf(thing);
  const { preprocessing } = encoder.card.input;
  const [side, length] = [wantedSide(preprocessing), inputLength(preprocessing)];
  const drawings = seeds.map((seed) => thing.drawing(seed));
  const pixels = new Float32Array(shots.length * seeds.length * length);
  await eachOf(shots.length * seeds.length, async (row) => {
    const [shot, draw] = [shots[Math.floor(row / seeds.length)], drawings[row % seeds.length]];
    pixels.set(encoder.preprocess(await draw(shot, side)), row * length);
  });
  const pictures: Uint8Array[] = [];
  await eachOf(shots.length, async (row) => {
    const { width, height, data } = await drawings[0](shots[row], pictureSide);
    const raw = { width, height, channels: 3 as const };
    pictures[row] = await sharp(data, { raw }).webp({ quality: 80, effort: 0 }).toBuffer();
  });
  return { embeddings: await encoder.embed(pixels, shots.length * seeds.length), pictures };
}

async function eachOf(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < count; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
