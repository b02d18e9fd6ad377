/**
 * Area under the receiver operating characteristic: the probability that a positive scores above a negative,
 * ties counting one half (the Mann–Whitney statistic over its maximum; Hanley and McNeil 1982).
 */

import { argsort } from "./sort.ts";
import { type SparseRows, transpose } from "./sparse.ts";

/**
 * AUROC of `scores` for the items where `positives` is true or non-zero. NaN where either class is empty.
 * Scores are compared as float32.
 */
export function auroc(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): number {
  if (scores.length !== positives.length)
    throw new RangeError(`auroc: ${scores.length} scores for ${positives.length} labels`);
  const labels = Int8Array.from({ length: scores.length }, (_, i) => (positives[i] ? 1 : 0));
  return denseAurocs(scores, 1, labels, 1)[0];
}

/**
 * AUROC of every column of a dense matrix for every kind.
 *
 * @param matrix row-major, n × columns
 * @param labels row-major, n × kinds: 1 positive, 0 negative, −1 left out
 * @returns row-major, columns × kinds; NaN where a kind has no positives or no negatives
 */
export function denseAurocs(
  matrix: ArrayLike<number>,
  columns: number,
  labels: Int8Array,
  kinds: number,
): Float64Array {
  const n = matrix.length / columns;
  const sweep = aurocSweep(labels, n, kinds);
  const column = new Float32Array(n);
  const result = new Float64Array(columns * kinds);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < n; i++) column[i] = matrix[i * columns + j];
    const order = argsort(column).reverse();
    sweep(
      order,
      Float32Array.from(order, (i) => column[i]),
      result.subarray(j * kinds, (j + 1) * kinds),
    );
  }
  return result;
}

/**
 * AUROC of every column of a sparse matrix for every kind: the work grows with the entries, not with the zeros.
 *
 * @param labels row-major, rows × kinds: 1 positive, 0 negative, −1 left out
 * @returns row-major, columns × kinds; NaN where a kind has no positives or no negatives
 */
export function sparseAurocs(codes: SparseRows, labels: Int8Array, kinds: number): Float64Array {
  const n = codes.offsets.length - 1;
  const sweep = aurocSweep(labels, n, kinds);
  const byColumn = transpose(codes);
  const result = new Float64Array(codes.columns * kinds);
  for (let j = 0; j < codes.columns; j++) {
    const [from, to] = [byColumn.offsets[j], byColumn.offsets[j + 1]];
    const values = byColumn.values.subarray(from, to);
    const order = argsort(values).reverse();
    sweep(
      order.map((p) => byColumn.indices[from + p]),
      Float32Array.from(order, (p) => values[p]),
      result.subarray(j * kinds, (j + 1) * kinds),
    );
  }
  return result;
}

/** Rows in falling order of score, their scores, and where the AUROC of each kind goes; unlisted rows score 0. */
type Sweep = (rows: Uint32Array, scores: Float32Array, out: Float64Array) => void;

function aurocSweep(labels: Int8Array, n: number, kinds: number): Sweep {
  if (labels.length !== n * kinds)
    throw new RangeError(`auroc: ${labels.length} labels for ${n} rows of ${kinds} kinds`);
  const positives = new Float64Array(kinds);
  const negatives = new Float64Array(kinds);
  const count = (row: number, p: Float64Array, q: Float64Array, by: number): void => {
    for (let k = 0, at = row * kinds; k < kinds; k++, at++)
      if (labels[at] === 1) p[k] += by;
      else if (labels[at] === 0) q[k] += by;
  };
  for (let i = 0; i < n; i++) count(i, positives, negatives, 1);
  const tiedPositives = new Float64Array(kinds);
  const tiedNegatives = new Float64Array(kinds);
  const below = new Float64Array(kinds);
  return (rows, scores, out) => {
    out.fill(0);
    below.set(negatives);
    // The pairs that a group of ties wins: each of its positives beats all negatives below, and half its own.
    const close = (): void => {
      for (let k = 0; k < kinds; k++) {
        const ties = tiedNegatives[k];
        below[k] -= ties;
        out[k] += tiedPositives[k] * (below[k] + ties / 2);
      }
      tiedPositives.fill(0);
      tiedNegatives.fill(0);
    };
    const addZeros = (): void => {
      for (let k = 0; k < kinds; k++) {
        tiedPositives[k] = positives[k];
        tiedNegatives[k] = negatives[k];
      }
      for (const row of rows) count(row, tiedPositives, tiedNegatives, -1);
    };
    let zerosDue = rows.length < n;
    for (let p = 0; p <= rows.length; p++) {
      if (zerosDue && !(scores[p] > 0)) {
        zerosDue = false;
        addZeros();
        if (scores[p] !== 0) close();
      }
      if (p === rows.length) break;
      count(rows[p], tiedPositives, tiedNegatives, 1);
      if (scores[p + 1] !== scores[p]) close();
    }
    for (let k = 0; k < kinds; k++) out[k] /= positives[k] * negatives[k];
  };
}
