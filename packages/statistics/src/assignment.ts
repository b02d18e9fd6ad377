/** One-to-one assignment of least total cost. */

import { nearestNeighbours, rowCount, unitRows } from "./neighbours.ts";

/**
 * A different column for each row so that the costs add up to the least possible, by shortest augmenting paths
 * with dual variables (Jonker and Volgenant 1987; Crouse 2016 for rectangles). Time n² m at worst.
 *
 * @param cost row-major, rows × columns, finite, rows ≤ columns
 * @returns the column of each row
 */
export function linearAssignment(cost: Float32Array | Float64Array, columns: number): Uint32Array {
  const rows = rowCount(cost, columns, "assignment");
  if (rows > columns) throw new RangeError(`assignment: ${rows} rows do not fit ${columns} columns`);
  if (!cost.every(Number.isFinite)) throw new RangeError("assignment: a cost is not finite");
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  const columnOf = new Int32Array(rows).fill(-1);
  const rowOf = new Int32Array(columns).fill(-1);
  const distance = new Float64Array(columns);
  const from = new Int32Array(columns);
  const open = new Int32Array(columns);
  for (let start = 0; start < rows; start++) {
    distance.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < columns; j++) open[j] = j;
    // Columns settled so far stand behind `left` in `open`.
    let left = columns;
    let row = start;
    let reached = 0;
    let end = -1;
    while (end < 0) {
      let nearest = 0;
      const base = reached - rowPrice[row];
      for (let p = 0; p < left; p++) {
        const j = open[p];
        const through = base + cost[row * columns + j] - columnPrice[j];
        if (through < distance[j]) {
          distance[j] = through;
          from[j] = row;
        }
        const ahead = distance[j] - distance[open[nearest]];
        if (ahead < 0 || (ahead === 0 && rowOf[j] < 0)) nearest = p;
      }
      const column = open[nearest];
      reached = distance[column];
      left--;
      open[nearest] = open[left];
      open[left] = column;
      if (rowOf[column] < 0) end = column;
      else row = rowOf[column];
    }
    rowPrice[start] += reached;
    for (let p = left; p < columns; p++) {
      const j = open[p];
      if (j === end) continue;
      rowPrice[rowOf[j]] += reached - distance[j];
      columnPrice[j] -= reached - distance[j];
    }
    for (let j = end; j >= 0; ) {
      const i = from[j];
      const next = columnOf[i];
      columnOf[i] = j;
      rowOf[j] = i;
      j = i === start ? -1 : next;
    }
  }
  return Uint32Array.from(columnOf);
}

/** How the directions of one dictionary return in another. */
export interface Matching {
  /** The largest cosine of each row of `a` with any row of `b`. */
  readonly nearest: Float32Array;
  /** The row of `b` that each row of `a` is matched with, one to one, for the largest sum of cosines. */
  readonly partner: Uint32Array;
  /** The cosine of each matched pair. */
  readonly cosine: Float32Array;
}

/** Matches the rows of `a` to those of `b` (row-major, d columns; b has at least as many); memory |a| × |b|. */
export function matchDirections(a: Float32Array, b: Float32Array, d: number): Matching {
  const [ua, ub] = [unitRows(a, d), unitRows(b, d)];
  const [n, m] = [ua.length / d, ub.length / d];
  const cost = new Float32Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let product = 0;
      for (let p = 0; p < d; p++) product += ua[i * d + p] * ub[j * d + p];
      cost[i * m + j] = -product;
    }
  const partner = linearAssignment(cost, m);
  return {
    nearest: nearestNeighbours(b, d, 1, "cosine", a).scores,
    partner,
    cosine: Float32Array.from(partner, (j, i) => -cost[i * m + j]),
  };
}
