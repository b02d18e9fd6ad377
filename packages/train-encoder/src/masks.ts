/** Which patches an encoder sees, drawn on the host. */

import { float32, type Tensor } from "@optogram/onnx";
import type { Random } from "@optogram/statistics";

/** `kept` of n places in rising order, every set of them as likely as any other. */
export function keptPlaces(random: Random, n: number, kept: number): Uint32Array {
  return random.sample(n, kept).sort();
}

/** [b, kept, n]: rows of the identity that pick places from n. */
export function selection(rows: readonly Uint32Array[], n: number): Tensor {
  const [{ length: kept }] = rows;
  const data = new Float32Array(rows.length * kept * n);
  rows.forEach((places, i) => {
    places.forEach((place, k) => {
      data[(i * kept + k) * n + place] = 1;
    });
  });
  return float32(data, [rows.length, kept, n]);
}

/**
 * Exactly `count` hidden places (1) of a grid, in rectangles that may overlap (Bao et al. 2022, BEiT, algorithm 1: each
 * hides at most what is left and is at most about three times as long one way as the other).
 */
export function blockMask(random: Random, side: number, count: number): Uint8Array {
  const mask = new Uint8Array(side ** 2);
  let left = Math.min(count, mask.length);
  while (left > 0) {
    const area = random.uniform(1, Math.max(1, left));
    const ratio = Math.exp(random.uniform(-1, 1) * Math.log(3));
    const height = Math.min(side, Math.max(1, Math.round(Math.sqrt(area * ratio))));
    const width = Math.min(side, Math.max(1, Math.round(Math.sqrt(area / ratio))));
    const top = random.integer(side - height + 1);
    const start = random.integer(side - width + 1);
    for (let y = top; y < top + height; y++)
      for (let x = start; x < start + width && left > 0; x++)
        if (mask[y * side + x] === 0) {
          mask[y * side + x] = 1;
          left--;
        }
  }
  return mask;
}

/** [count, n, 1]: every other grid, by chance, hides a tenth to a half of its places in blocks; 1 where hidden. */
export function hiddenPatches(random: Random, count: number, side: number): Tensor {
  const grids = Array.from({ length: count }, () =>
    random.uniform() < 0.5
      ? new Uint8Array(side ** 2)
      : blockMask(random, side, Math.round(random.uniform(0.1, 0.5) * side ** 2)),
  );
  return float32(Float32Array.from(grids.flatMap((grid) => Array.from(grid))), [count, side ** 2, 1]);
}
