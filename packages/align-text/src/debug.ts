/** What a score comes from: parts of the image against parts of the text. */

import { UserError } from "@optogram/cli";
import type { Picture } from "@optogram/images";

/** A part of an image: left, top, width and height, as shares of its sides. */
export type Crop = readonly [left: number, top: number, width: number, height: number];

/** The whole image. */
export const whole: Crop = [0, 0, 1, 1];

/** Pixels of the crop, at least one each way. */
export function cropped(picture: Picture, [left, top, width, height]: Crop): Picture {
  if (
    !(
      left >= 0 &&
      top >= 0 &&
      width > 0 &&
      height > 0 &&
      left + width <= 1 + 1e-9 &&
      top + height <= 1 + 1e-9
    )
  )
    throw new UserError(`the crop ${[left, top, width, height].join(", ")} does not lie within the image`, {
      advice: "left, top, width and height are shares of its sides, from 0 to 1",
    });
  const [x, y] = [Math.floor(left * picture.width), Math.floor(top * picture.height)];
  const columns = Math.max(1, Math.min(picture.width - x, Math.round(width * picture.width)));
  const rows = Math.max(1, Math.min(picture.height - y, Math.round(height * picture.height)));
  const data = new Uint8Array(columns * rows * 3);
  for (let row = 0; row < rows; row++) {
    const from = ((y + row) * picture.width + x) * 3;
    data.set(picture.data.subarray(from, from + columns * 3), row * columns * 3);
  }
  return { width: columns, height: rows, data };
}

export interface Shortened {
  /** The word that is left out, and its place from 0. */
  readonly word: string;
  readonly position: number;
  readonly text: string;
}

/** The text without each of its words in turn; nothing for a text of one word. */
export function withoutEachWord(text: string): Shortened[] {
  const words = text.trim().split(/\s+/u);
  if (words.length < 2) return [];
  return words.map((word, position) => ({
    word,
    position,
    text: words.filter((_, i) => i !== position).join(" "),
  }));
}
