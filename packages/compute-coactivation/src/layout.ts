/** A 2-D layout of features by UMAP (McInnes, Healy and Melville 2018) on neighbours found here. */

import type { Random } from "@optogram/statistics";
import { UMAP } from "umap-js";

/** For each point, `k` neighbours, nearest first, never itself. Row-major, n × k. */
export interface NeighbourTable {
  readonly n: number;
  readonly k: number;
  readonly indices: Uint32Array;
  readonly distances: Float32Array;
}

export interface LayoutProgress {
  readonly epoch: number;
  readonly epochs: number;
}

const smallest = 4;

/**
 * Lays the points out and returns x0, y0, x1, y1, … from 0 to 1 on each axis. A generator, so that its caller may
 * show progress or stop between epochs. Fewer than four points are put on a diagonal.
 */
export function* umapLayout(
  neighbours: NeighbourTable,
  random: Random,
): Generator<LayoutProgress, Float32Array> {
  const { n, k, indices, distances } = neighbours;
  if (n < smallest) return Float32Array.from({ length: 2 * n }, (_, p) => (Math.floor(p / 2) + 0.5) / n);
  // umap-js counts a point as its own first neighbour.
  const ids = Array.from({ length: n }, (_, i) => [i, ...indices.subarray(i * k, (i + 1) * k)]);
  const lengths = Array.from({ length: n }, (_, i) => [0, ...distances.subarray(i * k, (i + 1) * k)]);
  const umap = new UMAP({ nNeighbors: Math.min(k + 1, n - 1), random: () => random.uniform() });
  umap.setPrecomputedKNN(ids, lengths);
  const epochs = umap.initializeFit(ids);
  const positions = umap.getEmbedding();
  const start = spectralStart(neighbours, random);
  positions.forEach((position, i) => {
    position[0] = start[2 * i];
    position[1] = start[2 * i + 1];
  });
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    yield { epoch: epoch + 1, epochs };
  }
  return unitSquare(Float64Array.from(umap.getEmbedding().flat()));
}

const startRadius = 10;
const iterations = 300;

/**
 * Where UMAP starts: the two slowest directions of a lazy random walk on the neighbour graph (its Laplacian
 * eigenmap), by orthogonal iteration, with a little noise so that no two points coincide. From here the
 * islands keep their places relative to each other, which a random start loses.
 */
export function spectralStart({ n, k, indices, distances }: NeighbourTable, random: Random): Float64Array {
  const from = Uint32Array.from(indices, (_, p) => Math.floor(p / k));
  const weights = Float64Array.from(distances, (distance) => Math.exp(-2 * distance));
  const degree = new Float64Array(n);
  weights.forEach((weight, p) => {
    degree[from[p]] += weight;
    degree[indices[p]] += weight;
  });
  const root = degree.map(Math.sqrt);
  weights.forEach((weight, p) => {
    weights[p] = weight / (root[from[p]] * root[indices[p]]);
  });
  const walk = (x: Float64Array): Float64Array => {
    const next = x.slice();
    for (let p = 0; p < indices.length; p++) {
      const i = from[p];
      const j = indices[p];
      next[i] += weights[p] * x[j];
      next[j] += weights[p] * x[i];
    }
    return next;
  };
  let u: Float64Array = Float64Array.from({ length: n }, () => random.normal());
  let v: Float64Array = Float64Array.from({ length: n }, () => random.normal());
  for (let step = 0; step < iterations; step++) {
    u = unit(without(walk(u), root));
    v = unit(without(without(walk(v), root), u));
  }
  const largest = (x: Float64Array): number =>
    x.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const [du, dv] = [u.map((x, i) => x / root[i]), v.map((x, i) => x / root[i])];
  const [su, sv] = [startRadius / largest(du), startRadius / largest(dv)];
  return Float64Array.from({ length: 2 * n }, (_, p) => {
    const i = p >> 1;
    return (p % 2 === 0 ? du[i] * su : dv[i] * sv) + random.normal(0, startRadius / 100);
  });
}

/** What remains of x without its part along y. */
function without(x: Float64Array, y: Float64Array): Float64Array {
  let product = 0;
  let square = 0;
  for (let i = 0; i < x.length; i++) {
    product += x[i] * y[i];
    square += y[i] * y[i];
  }
  return x.map((value, i) => value - (product / square) * y[i]);
}

function unit(x: Float64Array): Float64Array {
  const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  return x.map((value) => value / length);
}

/** Each axis scaled to 0 … 1; an axis without extent becomes 0.5. */
function unitSquare(points: Float64Array): Float32Array {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  points.forEach((value, p) => {
    low[p % 2] = Math.min(low[p % 2], value);
    high[p % 2] = Math.max(high[p % 2], value);
  });
  return Float32Array.from(points, (value, p) => {
    const extent = high[p % 2] - low[p % 2];
    return extent > 0 ? (value - low[p % 2]) / extent : 0.5;
  });
}
