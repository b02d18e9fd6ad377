/** Scores of painted pictures beside the originals. */

import { meanDeltaE, type Picture, psnr, ssim } from "@optogram/images";
import { planesOf } from "@optogram/reconstruction";
import { grey } from "./frames.ts";
import { dot, type OpenJudge } from "./judges.ts";

/** What 8 bits leave undecided, an error evenly spread over one level: no PSNR above this means anything. */
export const highestPsnr = 10 * Math.log10(12 * 255 ** 2);

export interface Original {
  readonly picture: Picture;
  /** By judge, of unit length; without colours where pictures are compared so. */
  readonly embeddings: readonly Float32Array[];
}

export interface Scorer {
  readonly judges: readonly Pick<OpenJudge, "embed">[];
  /** Whether pictures are compared without their colours. */
  readonly grey: boolean;
}

/** Pictures of the originals' size → [pictures][measures], in the order of `measuresOf`. */
export async function scoresBeside(
  scorer: Scorer,
  originals: readonly Original[],
  painted: readonly Picture[],
): Promise<number[][]> {
  const compared = (picture: Picture) => (scorer.grey ? grey(picture) : picture);
  const seen = painted.map(compared);
  const embeddings = await Promise.all(scorer.judges.map((judge) => judge.embed(seen)));
  return seen.map((picture, i) => {
    const [a, b] = [planesOf(picture), planesOf(compared(originals[i].picture))];
    return [
      ...embeddings.map((rows, judge) => dot(rows[i], originals[i].embeddings[judge])),
      Math.min(highestPsnr, psnr(a, b)),
      ssim(a, b, picture.width),
      meanDeltaE(a, b),
    ];
  });
}
