/** Rows of one length in one array. */

/** The `count` rows of values [count, ...], which share their memory. */
export function rowsOf<T extends Float32Array | Uint8Array>(values: T, count: number): T[] {
  const each = values.length / count;
  return Array.from({ length: count }, (_, i) => values.subarray(i * each, (i + 1) * each) as T);
}

/** Rows of one length as one array. */
export function stacked(rows: readonly Float32Array[]): Float32Array {
  const each = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * each);
  for (const [i, row] of rows.entries()) all.set(row, i * each);
  return all;
}

/** The mean row of rows of `d`, summed in float64. */
export function meanRow(rows: Float32Array | Float64Array, d: number): Float64Array {
  const n = rows.length / d;
  const mean = new Float64Array(d);
  for (let p = 0; p < rows.length; p++) mean[p % d] += rows[p] / n;
  return mean;
}
