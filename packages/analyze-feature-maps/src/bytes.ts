/** Maps as bytes, each component on a scale of its own. */

/** value ≈ low + step · byte, off by half a step at most. */
export interface Scale {
  readonly low: number;
  readonly step: number;
}

/** The scale that spans the values. */
export function scaleOf(values: Iterable<number>): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, step: (high - low) / 255 } : { low: 0, step: 0 };
}

export function byteOf(value: number, { low, step }: Scale): number {
  return step > 0 ? Math.max(0, Math.min(255, Math.round((value - low) / step))) : 128;
}

/** Column `c` of rows of `k`. */
export function* column(rows: Float32Array, k: number, c: number): Generator<number> {
  for (let p = c; p < rows.length; p += k) yield rows[p];
}

/** Columns of rows [n, k] as bytes [k, n], each from its least to its largest value. */
export function columnsToBytes(rows: Float32Array, k: number): Uint8Array {
  const n = rows.length / k;
  const result = new Uint8Array(rows.length);
  for (let c = 0; c < k; c++) {
    const scale = scaleOf(column(rows, k, c));
    for (let i = 0; i < n; i++) result[c * n + i] = byteOf(rows[i * k + c], scale);
  }
  return result;
}
