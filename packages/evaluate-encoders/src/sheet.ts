/** Pictures of one size in rows, as one picture. */

import type { Picture } from "@optogram/images";

/** White pixels between pictures. */
export const gap = 2;

/** Rows from the top; every picture is `side` × `side`. */
export function sheetOf(rows: readonly (readonly Picture[])[], side: number): Picture {
  const step = side + gap;
  const width = Math.max(...rows.map((row) => row.length)) * step - gap;
  const height = rows.length * step - gap;
  const data = new Uint8Array(3 * width * height).fill(255);
  for (const [r, row] of rows.entries())
    for (const [c, picture] of row.entries())
      for (let y = 0; y < side; y++)
        data.set(
          picture.data.subarray(3 * y * side, 3 * (y + 1) * side),
          3 * ((r * step + y) * width + c * step),
        );
  return { width, height, data };
}
