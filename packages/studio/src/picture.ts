/** Pictures as rows and as files. */

import { interleaved } from "@optogram/painting";
import sharp from "sharp";

/** The `count` rows of values [count, ...], which share their memory. */
export function rowsOf(values: Float32Array, count: number): Float32Array[] {
  const each = values.length / count;
  return Array.from({ length: count }, (_, i) => values.subarray(i * each, (i + 1) * each));
}

/** A picture [3, size, size] in 0..1 as a PNG file. */
export function pngOf(picture: Float32Array, size: number): Promise<Buffer> {
  return sharp(interleaved(picture), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
