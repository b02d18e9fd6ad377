/** Pictures as rows and as files. */

import { interleaved } from "@optogram/painting";
import sharp from "sharp";

/** The `count` rows of values [count, ...], which share their memory. */
export function rowsOf(values: Float32Array, count: number): Float32Array[] {
  const each = values.length / count;
  return Array.from({ length: count }, (_, i) => values.subarray(i * each, (i + 1) * each));
}

/** Rows of one length as one array. */
export function stacked(rows: readonly Float32Array[]): Float32Array {
  const each = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * each);
  for (const [i, row] of rows.entries()) all.set(row, i * each);
  return all;
}

/** A picture [3, size, size] in 0..1 as a PNG file. */
export function pngOf(picture: Float32Array, size: number): Promise<Buffer> {
  return sharp(interleaved(picture), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
