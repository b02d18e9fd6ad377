/** How well pictures that the training did not see are painted. */

import { psnr } from "@optogram/images";
import { normalised, planesOf, sized, type TokenPainter } from "@optogram/reconstruction";
import { stacked } from "@optogram/statistics";
import type { Sight } from "./batches.ts";

/** Pictures a run. */
const batch = 16;
/** In dB: of equal pictures, so that a mean stays finite. */
const mostPsnr = 120;

export interface Measured {
  /** Mean squared error on normalised pixels. */
  readonly loss: number;
  /** Mean over images, in dB, of pixels from 0 to 1. */
  readonly psnr: number;
}

export interface Judged extends Measured {
  /** The first `kept` as they were painted, [kept, 3, height, width] in 0..1. */
  readonly pictures: Float32Array;
}

export interface HeldOut extends Sight {
  /** Images by their number in the source. */
  readonly images: readonly number[];
}

/** Held-out images through encoder and reconstructor; an image that cannot be read has another in its place. */
export async function judge(held: HeldOut, painter: TokenPainter, kept: number): Promise<Judged> {
  const { pictures, images, reader, size } = held;
  const each = 3 * size[0] * size[1];
  const shown = new Float32Array(Math.min(kept, images.length) * each);
  const errors = new Errors(held);
  for (let first = 0; first < images.length; first += batch) {
    const count = Math.min(batch, images.length - first);
    const seen = await Promise.all(
      Array.from({ length: count }, (_, i) => pictures.readFrom(images, first + i)),
    );
    const painted = await painter.paint(await reader.tokens(stacked(seen.map(planesOf))));
    for (const [i, picture] of seen.entries()) {
      const own = painted.subarray(i * each, (i + 1) * each);
      errors.add(own, planesOf(sized(picture, size)));
      if ((first + i) * each < shown.length) shown.set(own, (first + i) * each);
    }
  }
  return { ...errors.mean(), pictures: shown };
}

/** The same for one picture in the place of all: what can be had without looking at the image. */
export async function judgeConstant(held: HeldOut, picture: Float32Array): Promise<Measured> {
  const errors = new Errors(held);
  for (const i of held.images.keys())
    errors.add(picture, planesOf(sized(await held.pictures.readFrom(held.images, i), held.size)));
  return errors.mean();
}

class Errors {
  readonly #held: HeldOut;
  #count = 0;
  #loss = 0;
  #psnr = 0;

  constructor(held: HeldOut) {
    this.#held = held;
  }

  /** Both [3, height, width] in 0..1. */
  add(painted: Float32Array, original: Float32Array): void {
    const { size, colours } = this.#held;
    const plane = size[0] * size[1];
    const [a, b] = [painted, original].map((pixels) => normalised(pixels, plane, colours));
    this.#count++;
    this.#loss += squaredError(a, b);
    this.#psnr += Math.min(mostPsnr, psnr(painted, original));
  }

  mean(): Measured {
    return { loss: this.#loss / this.#count, psnr: this.#psnr / this.#count };
  }
}

function squaredError(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/** The mean of up to `most` of some images, evenly spaced. */
export async function meanPicture(
  { pictures, size }: Sight,
  images: readonly number[],
  most: number,
): Promise<Float32Array> {
  const count = Math.min(most, images.length);
  const mean = new Float32Array(3 * size[0] * size[1]);
  for (let i = 0; i < count; i++) {
    const picture = await pictures.readFrom(images, Math.floor((i * images.length) / count));
    for (const [at, value] of planesOf(sized(picture, size)).entries()) mean[at] += value / count;
  }
  return mean;
}
