/** What was painted, how it was scored, and the scores themselves. */

/**
 * `encoder`: a reconstructor's pictures. `random-weights`: the same of an encoder that has learnt nothing. The others
 * are controls: `shuffled-tokens`, the pictures of a reconstructor whose tokens have changed places within the image;
 * `mean-image`; `pixels`, the original at the size of a reconstructor's pictures.
 */
export const entryKinds = ["encoder", "random-weights", "shuffled-tokens", "mean-image", "pixels"] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One way of painting images. */
export interface Entry {
  /** Unique: the encoder's name, with `@LAYER` where that is not the last; a control's name and what it is of. */
  readonly id: string;
  readonly kind: EntryKind;
  /** Where it belongs to an encoder. */
  readonly encoder?: EncoderFacts;
  /** [height, width] of the pictures before they are brought to the frame's. */
  readonly size: readonly [number, number];
}

export interface EncoderFacts {
  /** As on the card. */
  readonly name: string;
  readonly title: string;
  readonly objective?: string;
  /** `last`, `next-to-last` or a number. */
  readonly layer: string;
  /** The number of the block that tokens come from, where the card numbers them; one above the highest for `last`. */
  readonly block?: number;
  readonly tokens: number;
  /** Numbers of a token. */
  readonly width: number;
  /** [height, width] of the input in pixels. */
  readonly input: readonly [number, number];
}

export interface Judge {
  /** As on the card. */
  readonly name: string;
  readonly title: string;
  /** Whether it is one of the encoders under comparison. */
  readonly compared: boolean;
}

/** A score of a picture beside the original. */
export interface Measure {
  /** `cosine-JUDGE`, `psnr`, `ssim` or `delta-e`. */
  readonly key: string;
  /** For people, with its unit. */
  readonly title: string;
  readonly better: "higher" | "lower";
  /** Of the cosines. */
  readonly judge?: Judge;
}

export interface Evaluation {
  readonly entries: readonly Entry[];
  readonly measures: readonly Measure[];
  /** Positions of the images in their set. */
  readonly images: readonly number[];
  /** [entries, measures, images] */
  readonly values: Float32Array;
}

export function measuresOf(judges: readonly Judge[]): Measure[] {
  return [
    ...judges.map(
      (judge): Measure => ({
        key: `cosine-${judge.name}`,
        title: `cosine under ${judge.name}`,
        better: "higher",
        judge,
      }),
    ),
    { key: "psnr", title: "PSNR, dB", better: "higher" },
    { key: "ssim", title: "SSIM", better: "higher" },
    { key: "delta-e", title: "ΔE 2000", better: "lower" },
  ];
}

/** An entry's scores by a measure, one an image. */
export function scoresOf(
  { images, measures, values }: Evaluation,
  entry: number,
  measure: number,
): Float32Array {
  const from = (entry * measures.length + measure) * images.length;
  return values.subarray(from, from + images.length);
}

/** Whether an entry is ranked and tested: encoders, with random weights or without. */
export function isRanked({ kind }: Entry): boolean {
  return kind === "encoder" || kind === "random-weights";
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
