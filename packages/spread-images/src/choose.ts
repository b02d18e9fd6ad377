/** Which images are spread out, and what each search begins with. */

import { nearestNeighbours, seededRandom } from "@optogram/statistics";

/** Rows of `count` images evenly spaced over a set of `total`, from a place that the seed decides. */
export function chooseRows(total: number, count: number, seed: number): number[] {
  const most = Math.min(count, total);
  const step = total / most;
  const offset = seededRandom(seed).uniform() * step;
  return Array.from({ length: most }, (_, i) => Math.min(total - 1, Math.floor(offset + i * step)));
}

/** The rows [count] of the embeddings that come nearest to row `row`, itself left out. */
export function nearRows(
  { values, width }: { readonly values: Float32Array; readonly width: number },
  row: number,
  count: number,
): number[] {
  const own = values.subarray(row * width, (row + 1) * width);
  const found = nearestNeighbours(values, width, count + 1, "cosine", own).indices;
  return Array.from(found)
    .filter((other) => other !== row)
    .slice(0, count);
}
