/** Pictures as files. */

import { interleaved } from "@optogram/painting";
import sharp from "sharp";

/** A picture [3, size, size] in 0..1 as a PNG file. */
export function pngOf(picture: Float32Array, size: number): Promise<Buffer> {
  return sharp(interleaved(picture), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
