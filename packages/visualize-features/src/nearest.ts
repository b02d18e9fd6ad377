/** The image whose embedding points most nearly in each direction. */

import { type Vectors, vectorsIn } from "./decoder/draw.ts";

/** Rows [k] of embeddings [n, d] with the largest cosine to each of k directions [k, d]. */
export function nearestImages(embeddings: Vectors, directions: Float32Array): Uint32Array {
  const { values, width: d } = embeddings;
  const count = directions.length / d;
  const best = new Float32Array(count).fill(-Infinity);
  const rows = new Uint32Array(count);
  for (let row = 0; row < vectorsIn(embeddings); row++) {
    const x = values.subarray(row * d, (row + 1) * d);
    const length = Math.hypot(...x);
    for (let k = 0; k < count; k++) {
      let product = 0;
      for (let i = 0; i < d; i++) product += x[i] * directions[k * d + i];
      if (product <= best[k] * length) continue;
      best[k] = product / length;
      rows[k] = row;
    }
  }
  return rows;
}
