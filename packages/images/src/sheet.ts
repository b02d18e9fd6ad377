/** Pictures of one size in rows, as one picture and as a file. */

import sharp from "sharp";
import type { Picture } from "./picture.ts";

/** White pixels between pictures. */
export const sheetGap = 2;

/** Rows from the top; every picture is bytes [height, width, 3]. */
export function sheetOf(
  rows: readonly (readonly Uint8Array[])[],
  [height, width]: readonly [number, number],
): Picture {
  const across = Math.max(...rows.map((row) => row.length)) * (width + sheetGap) - sheetGap;
  const down = rows.length * (height + sheetGap) - sheetGap;
  const data = new Uint8Array(3 * across * down).fill(255);
  for (const [r, row] of rows.entries())
    for (const [c, picture] of row.entries())
      for (let y = 0; y < height; y++)
        data.set(
          picture.subarray(3 * y * width, 3 * (y + 1) * width),
          3 * ((r * (height + sheetGap) + y) * across + c * (width + sheetGap)),
        );
  return { width: across, height: down, data };
}

/** As WebP, each pixel as `scale` × `scale`. */
export function webpOf({ width, height, data }: Picture, scale = 1): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: scale * width, kernel: "nearest" })
    .webp({ quality: 90, effort: 2 })
    .toBuffer();
}
