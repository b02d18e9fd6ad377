/** Images through an encoder, one after another: their tokens at every layer, and what is truly seen where. */

import type { Encoder } from "@optogram/encoders";
import {
  fitPicture,
  ImageError,
  type ImageSource,
  inputLength,
  type Picture,
  seenPart,
  wantedSide,
} from "@optogram/images";
import { rowsOf } from "@optogram/statistics";
import type { LayerChoice } from "./layers.ts";
import { type Grid, type PatchTruth, truthAt } from "./truth.ts";

/** An image as the encoder sees it. */
export interface Look {
  /** In its source. */
  readonly position: number;
  /** At the size of the encoder's input. */
  readonly picture: Picture;
  /** By layer, [tokens, width]. */
  readonly tokens: readonly Float32Array[];
  /** Of a grid; absent where the source does not know. */
  truth?(grid: Grid): PatchTruth;
  /** Kinds of things that the truth numbers. */
  readonly kinds: readonly string[];
}

export interface Looking {
  readonly encoder: Encoder;
  readonly source: ImageSource;
  readonly layers: readonly LayerChoice[];
  readonly positions: readonly number[];
  readonly signal: AbortSignal;
  /** Told of each image that cannot be read; it is left out. */
  onBroken(position: number, message: string): void;
}

/** Shortest side of a true mask in pixels where it is drawn to order. */
const leastMask = 64;

interface Read {
  readonly position: number;
  readonly picture: Picture;
  readonly truth?: (grid: Grid) => PatchTruth;
  readonly kinds: readonly string[];
}

export async function* looks(looking: Looking): AsyncGenerator<Look, void> {
  const { encoder, layers, positions, signal } = looking;
  const { preprocessing } = encoder.card.input;
  const size = inputLength(preprocessing);
  for (let first = 0; first < positions.length; first += encoder.batch) {
    signal.throwIfAborted();
    const batch = positions.slice(first, first + encoder.batch);
    const read = (await Promise.all(batch.map((position) => readImage(looking, position)))).filter(
      (one) => one !== undefined,
    );
    if (read.length === 0) continue;
    const pixels = new Float32Array(read.length * size);
    for (const [i, { picture }] of read.entries()) pixels.set(encoder.preprocess(picture), i * size);
    const found = await encoder.encode(pixels, read.length);
    const tokens = layers.map(({ output }) => rowsOf(found[output].data, read.length));
    for (const [i, one] of read.entries()) yield { ...one, tokens: tokens.map((layer) => layer[i]) };
  }
}

async function readImage(
  { encoder, source, onBroken }: Looking,
  position: number,
): Promise<Read | undefined> {
  const { preprocessing } = encoder.card.input;
  const side = wantedSide(preprocessing);
  try {
    const whole = await source.read(position, side);
    const picture = fitPicture(whole, preprocessing);
    const mask = await source.mask?.(position, Math.max(side, leastMask));
    if (!mask) return { position, picture, kinds: [] };
    const part = seenPart(whole, preprocessing);
    return { position, picture, kinds: mask.kinds, truth: (grid) => truthAt(mask, part, grid) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    onBroken(position, error.message);
    return undefined;
  }
}
