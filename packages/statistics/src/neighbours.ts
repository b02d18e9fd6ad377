/** Exact nearest neighbours among the rows of dense matrices, by blocks that stay in the cache. */

export type Metric = "cosine" | "euclidean";

/** For each query, its `k` nearest rows, nearest first. Row-major, queries × k. */
export interface Neighbours {
  readonly k: number;
  readonly indices: Uint32Array;
  /** Cosine similarity (falling) or Euclidean distance (rising). */
  readonly scores: Float32Array;
}

const blockRows = 64;

/**
 * The `k` nearest of `rows` to each query; equal scores in order of index. Without `queries`, the rows among
 * themselves, each without itself. A zero row has cosine 0 with everything.
 *
 * @param rows row-major, n × d
 * @param queries row-major, q × d
 */
export function nearestNeighbours(
  rows: Float32Array,
  d: number,
  k: number,
  metric: Metric,
  queries?: Float32Array,
): Neighbours {
  const among = queries === undefined;
  const n = rowCount(rows, d, "rows");
  const asked = queries ?? rows;
  const q = rowCount(asked, d, "queries");
  const available = among ? n - 1 : n;
  if (!(k >= 1 && k <= available)) throw new RangeError(`neighbours: ${k} of ${available} rows`);
  // A common form: the score is a product of prepared rows plus a term of the row; larger is nearer.
  const prepare = (m: Float32Array): Float64Array =>
    metric === "cosine" ? unitRows(m, d) : Float64Array.from(m);
  const base = prepare(rows);
  const probe = among ? base : prepare(asked);
  const bias = new Float64Array(n);
  if (metric === "euclidean") for (let j = 0; j < n; j++) bias[j] = -squaredNorm(base, j, d) / 2;
  const best = new TopRows(q, k);
  const products = new Float64Array(blockRows * blockRows);
  for (let i0 = 0; i0 < q; i0 += blockRows) {
    const i1 = Math.min(q, i0 + blockRows);
    // Among themselves each pair of blocks is multiplied once and serves both.
    for (let j0 = among ? i0 : 0; j0 < n; j0 += blockRows) {
      const j1 = Math.min(n, j0 + blockRows);
      blockProducts(probe, i0, i1, base, j0, j1, d, products);
      for (let i = i0; i < i1; i++)
        for (let j = j0; j < j1; j++) {
          const product = products[(i - i0) * blockRows + j - j0];
          if (!(among && i === j)) best.offer(i, j, product + bias[j]);
          if (among && j0 > i0) best.offer(j, i, product + bias[i]);
        }
    }
  }
  const scores = Float32Array.from(best.scores);
  if (metric === "euclidean")
    for (let i = 0; i < q; i++) {
      const norm = squaredNorm(probe, i, d);
      for (let r = i * k; r < (i + 1) * k; r++) scores[r] = Math.sqrt(Math.max(0, norm - 2 * best.scores[r]));
    }
  return { k, indices: best.indices, scores };
}

/** A matrix's rows at unit length (zero rows stay zero), in float64. */
export function unitRows(rows: Float32Array, d: number): Float64Array {
  const unit = Float64Array.from(rows);
  for (let i = 0; i < rows.length / d; i++) {
    const norm = Math.sqrt(squaredNorm(unit, i, d));
    if (norm > 0) for (let p = i * d; p < (i + 1) * d; p++) unit[p] /= norm;
  }
  return unit;
}

/** The rows of an n × d matrix; throws where the length does not fit. */
export function rowCount(matrix: ArrayLike<number>, d: number, what: string): number {
  const n = matrix.length / d;
  if (!Number.isInteger(n)) throw new RangeError(`${what}: ${matrix.length} numbers are no rows of ${d}`);
  return n;
}

function squaredNorm(rows: Float64Array, i: number, d: number): number {
  let sum = 0;
  for (let p = i * d; p < (i + 1) * d; p++) sum += rows[p] * rows[p];
  return sum;
}

/** Products of rows i0…i1 of `a` with rows j0…j1 of `b`, two by two, so that each load serves two products. */
function blockProducts(
  a: Float64Array,
  i0: number,
  i1: number,
  b: Float64Array,
  j0: number,
  j1: number,
  d: number,
  out: Float64Array,
): void {
  for (let i = i0; i < i1; i += 2) {
    // At an odd end the last row is computed twice instead of a second, slower loop.
    const a0 = i * d;
    const a1 = Math.min(i + 1, i1 - 1) * d;
    for (let j = j0; j < j1; j += 2) {
      const b0 = j * d;
      const b1 = Math.min(j + 1, j1 - 1) * d;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let p = 0; p < d; p++) {
        const x = a[a0 + p];
        const y = a[a1 + p];
        const u = b[b0 + p];
        const v = b[b1 + p];
        s00 += x * u;
        s01 += x * v;
        s10 += y * u;
        s11 += y * v;
      }
      const at = (i - i0) * blockRows + j - j0;
      out[at] = s00;
      if (j + 1 < j1) out[at + 1] = s01;
      if (i + 1 < i1) {
        out[at + blockRows] = s10;
        if (j + 1 < j1) out[at + blockRows + 1] = s11;
      }
    }
  }
}

/** The best `k` of what each row is offered, best first; earlier offers win ties. */
export class TopRows {
  readonly k: number;
  readonly indices: Uint32Array;
  readonly scores: Float64Array;

  constructor(rows: number, k: number) {
    this.k = k;
    this.indices = new Uint32Array(rows * k);
    this.scores = new Float64Array(rows * k).fill(Number.NEGATIVE_INFINITY);
  }

  offer(row: number, index: number, score: number): void {
    const { k, indices, scores } = this;
    const first = row * k;
    let at = first + k - 1;
    if (!(score > scores[at])) return;
    for (; at > first && scores[at - 1] < score; at--) {
      scores[at] = scores[at - 1];
      indices[at] = indices[at - 1];
    }
    scores[at] = score;
    indices[at] = index;
  }
}
