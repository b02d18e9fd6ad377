/** How well a layout keeps the neighbourhoods of the space it shows. */

import { rowCount } from "./neighbours.ts";

type Points = Float32Array | Float64Array;

/**
 * Trustworthiness (Venna and Kaski 2001): 1 less a penalty for each of a point's `k` nearest on the layout that
 * is not among its k nearest in the space, by how far its rank in the space exceeds k. 1 is best; a random
 * layout gives about 0.5. Equal distances in the space share their middle rank.
 *
 * @param layout row-major, n × dimensions
 * @param distancesFrom writes the distances in the space from point i to all n points
 */
export function trustworthiness(
  layout: Points,
  dimensions: number,
  k: number,
  distancesFrom: (i: number, out: Float64Array) => void,
): number {
  const n = rowCount(layout, dimensions, "trustworthiness");
  if (!(k >= 1 && 2 * n - 3 * k - 1 > 0 && k < n / 2))
    throw new RangeError(`trustworthiness: ${k} neighbours need more than ${2 * k} points, there are ${n}`);
  const near = new Float64Array(n);
  const far = new Float64Array(n);
  const smaller = new Float64Array(k + 1);
  const equal = new Float64Array(k);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    squaredDistances(layout, dimensions, i, near);
    distancesFrom(i, far);
    const limits = Float64Array.from(nearestOf(near, i, k), (j) => far[j]).sort();
    smaller.fill(0);
    equal.fill(0);
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const at = lowerBound(limits, far[j]);
      if (limits[at] === far[j]) equal[at]++;
      // The first limit above the distance; the counts are summed up below.
      smaller[upperBound(limits, far[j], at)]++;
    }
    let below = 0;
    for (let r = 0; r < k; r++) {
      below += smaller[r];
      const ties = equal[lowerBound(limits, limits[r])];
      penalty += Math.max(0, below + (ties + 1) / 2 - k);
    }
  }
  return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * penalty;
}

/**
 * The share of each point's `k` nearest in `before` that are among its k nearest in `after`, averaged over the
 * points (both row-major, n × 2). Where several are equally far in `after` and not all fit, each counts by its
 * chance of being among the k.
 */
export function neighboursKept(before: Points, after: Points, k: number): number {
  const n = rowCount(before, 2, "neighbours kept");
  if (before.length !== after.length || !(k >= 1 && k < n))
    throw new RangeError(`neighbours kept: ${k} neighbours of ${n} and ${after.length / 2} points`);
  const near = new Float64Array(n);
  let kept = 0;
  for (let i = 0; i < n; i++) {
    squaredDistances(before, 2, i, near);
    const wanted = nearestOf(near, i, k);
    squaredDistances(after, 2, i, near);
    const reach = near[nearestOf(near, i, k)[k - 1]];
    let inside = 0;
    let edge = 0;
    for (let j = 0; j < n; j++)
      if (j !== i && near[j] < reach) inside++;
      else if (j !== i && near[j] === reach) edge++;
    for (const j of wanted)
      if (near[j] < reach) kept++;
      else if (near[j] === reach) kept += (k - inside) / edge;
  }
  return kept / (n * k);
}

function squaredDistances(points: Points, d: number, i: number, out: Float64Array): void {
  if (d === 2) {
    const x = points[2 * i];
    const y = points[2 * i + 1];
    for (let j = 0, p = 0; j < out.length; j++, p += 2) {
      const dx = points[p] - x;
      const dy = points[p + 1] - y;
      out[j] = dx * dx + dy * dy;
    }
    return;
  }
  for (let j = 0; j < out.length; j++) {
    let sum = 0;
    for (let p = 0; p < d; p++) sum += (points[i * d + p] - points[j * d + p]) ** 2;
    out[j] = sum;
  }
}

/** The k indices other than `self` of the smallest distances, nearest first, equal ones by index. */
function nearestOf(distances: Float64Array, self: number, k: number): Uint32Array {
  const indices = new Uint32Array(k);
  let filled = 0;
  let limit = Number.POSITIVE_INFINITY;
  for (let j = 0; j < distances.length; j++) {
    const distance = distances[j];
    if (j === self || (filled === k && !(distance < limit))) continue;
    let at = filled < k ? filled++ : k - 1;
    for (; at > 0 && distances[indices[at - 1]] > distance; at--) indices[at] = indices[at - 1];
    indices[at] = j;
    if (filled === k) limit = distances[indices[k - 1]];
  }
  return indices;
}

/** The first place in ascending `limits` that is not below `value`. */
function lowerBound(limits: Float64Array, value: number): number {
  let [from, to] = [0, limits.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (limits[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The first place from `from` on that is above `value`. */
function upperBound(limits: Float64Array, value: number, from: number): number {
  let at = from;
  while (at < limits.length && limits[at] === value) at++;
  return at;
}
