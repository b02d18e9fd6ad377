/** What is behind the things: where they live, a colour, or a picture. */

import { readFile } from "node:fs/promises";
import { sha256 } from "@optogram/artifacts";
import { decodeImage, type Picture } from "@optogram/images";
import sharp from "sharp";

export interface Background {
  /** The colour, or the digest of the picture. */
  readonly key: string;
  square(side: number): Promise<Picture>;
}

/** `#rrggbb` where the text is one. */
export function colourOf(text: string): string | undefined {
  return /^#[0-9a-f]{6}$/i.test(text) ? text : undefined;
}

/**
 * @param text a colour, or the path of a picture whose middle square is taken
 * @throws ImageError where the picture cannot be read
 */
export async function openBackground(text: string): Promise<Background> {
  const colour = colourOf(text);
  if (colour) {
    const whole = { width: 1, height: 1, data: Buffer.from(colour.slice(1), "hex") };
    return { key: colour, square: (side) => squareOf(whole, side) };
  }
  const file = await readFile(text);
  const picture = await decodeImage(file, text);
  return { key: sha256(file), square: (side) => squareOf(picture, side) };
}

async function squareOf({ width, height, data }: Picture, side: number): Promise<Picture> {
  const image = sharp(data, { raw: { width, height, channels: 3 } }).resize(side, side, { fit: "cover" });
  return { width: side, height: side, data: await image.raw().toBuffer() };
}
