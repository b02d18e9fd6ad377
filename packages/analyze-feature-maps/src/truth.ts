/** What is truly seen at each patch, and at each patch the colour's distance from the border: what masks are judged by. */

import { type KindMask, labOf, type Picture, type Region } from "@optogram/images";

export type Grid = readonly [rows: number, columns: number];

/** Of one image, patch by patch. */
export interface PatchTruth {
  /** [patches], the share that things cover. */
  readonly coverage: Float32Array;
  /** [patches], position in the mask's `kinds` of the kind that covers most, −1 where things cover less than half. */
  readonly kind: Int16Array;
}

/** @param part what the encoder sees of the image, in shares of it */
export function truthAt(mask: KindMask, part: Region, [rows, columns]: Grid): PatchTruth {
  const patches = rows * columns;
  const kinds = mask.kinds.length + 1;
  const counts = new Uint32Array(patches * kinds);
  for (let y = 0; y < mask.height; y++) {
    const row = Math.floor((rows * ((y + 0.5) / mask.height - part.top)) / part.height);
    if (row < 0 || row >= rows) continue;
    for (let x = 0; x < mask.width; x++) {
      const column = Math.floor((columns * ((x + 0.5) / mask.width - part.left)) / part.width);
      if (column < 0 || column >= columns) continue;
      counts[(row * columns + column) * kinds + mask.labels[y * mask.width + x]]++;
    }
  }
  const coverage = new Float32Array(patches);
  const kind = new Int16Array(patches).fill(-1);
  for (let patch = 0; patch < patches; patch++) {
    const here = counts.subarray(patch * kinds, (patch + 1) * kinds);
    const all = here.reduce((sum, n) => sum + n, 0);
    coverage[patch] = all === 0 ? 0 : 1 - here[0] / all;
    if (coverage[patch] < 0.5) continue;
    for (let k = 1, most = 0; k < kinds; k++)
      if (here[k] > most) {
        most = here[k];
        kind[patch] = k - 1;
      }
  }
  return { coverage, kind };
}

/** Share of the shorter side that counts as border. */
const border = 1 / 16;

/** [pixels], ΔE 1976 of each pixel from the mean colour (in CIELAB) of the picture's border, a sixteenth of its side. */
export function borderDistances({ width, height, data }: Picture): Float32Array {
  const wide = Math.max(1, Math.round(border * Math.min(width, height)));
  const lab = Array.from({ length: width * height }, (_, i) =>
    labOf(data[3 * i] / 255, data[3 * i + 1] / 255, data[3 * i + 2] / 255),
  );
  const mean = [0, 0, 0];
  let n = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (x >= wide && x < width - wide && y >= wide && y < height - wide) continue;
      for (const [c, value] of lab[y * width + x].entries()) mean[c] += value;
      n++;
    }
  return Float32Array.from(lab, (colour) => Math.hypot(...colour.map((value, c) => value - mean[c] / n)));
}

/** [patches], the mean of values [height × width] within each patch. */
export function patchMeans(
  values: Float32Array,
  { width, height }: Pick<Picture, "width" | "height">,
  [rows, columns]: Grid,
): Float32Array {
  const sums = new Float32Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const patch = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sums[patch] += values[y * width + x];
      counts[patch]++;
    }
  return sums.map((sum, patch) => (counts[patch] > 0 ? sum / counts[patch] : 0));
}
