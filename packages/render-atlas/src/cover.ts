import { type Bitmap, blank, paste } from "./bitmap.ts";
import type { CoactivationPart } from "./parts.ts";
import { squareOf } from "./pictures.ts";

const mostColumns = 24;
const mostRows = 14;
const width = 2048;
const largestCell = 128;

/** Features in a grid of about 16:9, and the edge of a cell in pixels. */
export interface CoverPlan {
  readonly columns: number;
  readonly rows: number;
  readonly cell: number;
  readonly features: readonly number[];
}

/**
 * Packs the strongest features without gaps: sorted into lines by their row on the map and within a line by their
 * column, so that what is near on the map stays near. On the map itself most cells may be empty.
 */
export function planCover({ feature, column, row, strength }: CoactivationPart): CoverPlan {
  const count = feature.length;
  const columns = Math.max(1, Math.min(mostColumns, Math.floor(Math.sqrt((count * 16) / 9))));
  const rows = Math.min(mostRows, Math.floor(count / columns));
  const strongest = Array.from({ length: count }, (_, i) => i)
    .sort((a, b) => strength[b]! - strength[a]! || a - b)
    .slice(0, columns * rows)
    .sort((a, b) => row[a]! - row[b]! || column[a]! - column[b]!);
  const lines = Array.from({ length: rows }, (_, line) =>
    strongest.slice(line * columns, (line + 1) * columns).sort((a, b) => column[a]! - column[b]! || a - b),
  );
  const cell = Math.min(largestCell, Math.floor(width / columns));
  return { columns, rows, cell, features: lines.flat().map((i) => feature[i]!) };
}

/** Draws the features of the plan, each by its face. */
export async function drawCover(
  { columns, rows, cell, features }: CoverPlan,
  faceOf: (feature: number) => Promise<Bitmap | undefined>,
): Promise<Bitmap> {
  const whole = blank(columns * cell, rows * cell);
  for (const [i, feature] of features.entries()) {
    const face = await faceOf(feature);
    if (!face) continue;
    paste(whole, await squareOf(face, cell), (i % columns) * cell, Math.floor(i / columns) * cell);
  }
  return whole;
}
