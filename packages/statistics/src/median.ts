import { rowCount } from "./neighbours.ts";
import { meanRow } from "./rows.ts";

const iterations = 200;
const tolerance = 1e-7;

/**
 * The point with the least sum of Euclidean distances to the rows (row-major, n × d), by Weiszfeld's iteration
 * with Vardi and Zhang's step (PNAS 2000) where the estimate meets a row; started at the mean, stopped when a
 * step is shorter than 10⁻⁷ of the mean distance.
 */
export function geometricMedian(rows: Float32Array, d: number): Float64Array {
  const n = rowCount(rows, d, "geometric median");
  if (n === 0) throw new RangeError("geometric median: there are no rows");
  const point = meanRow(rows, d);
  const target = new Float64Array(d);
  for (let step = 0; step < iterations; step++) {
    target.fill(0);
    let weights = 0;
    let here = 0;
    let distances = 0;
    for (let i = 0; i < n; i++) {
      let squared = 0;
      for (let j = 0, p = i * d; j < d; j++, p++) squared += (rows[p] - point[j]) ** 2;
      const distance = Math.sqrt(squared);
      distances += distance;
      if (distance < 1e-12) {
        here++;
        continue;
      }
      weights += 1 / distance;
      for (let j = 0, p = i * d; j < d; j++, p++) target[j] += rows[p] / distance;
    }
    if (weights === 0) return point;
    let pull = 0;
    for (let j = 0; j < d; j++) {
      target[j] /= weights;
      pull += ((target[j] - point[j]) * weights) ** 2;
    }
    const stay = here === 0 ? 0 : Math.min(1, here / Math.sqrt(pull));
    let moved = 0;
    for (let j = 0; j < d; j++) {
      const shift = (1 - stay) * (target[j] - point[j]);
      point[j] += shift;
      moved += shift ** 2;
    }
    if (Math.sqrt(moved) <= (tolerance * distances) / n) return point;
  }
  return point;
}
