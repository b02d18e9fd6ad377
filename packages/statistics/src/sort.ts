/** The order of numbers, by one sort of packed keys: many times faster than a comparator on indices. */

const indexBits = 21;

/**
 * The indices of `values` from smallest to largest; equal ones in order of index. Compared as float32.
 * Throws on NaN.
 */
export function argsort(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  const order = new Uint32Array(n);
  if (n > 2 ** indexBits) {
    for (let i = 0; i < n; i++) order[i] = i;
    const rounded = Float32Array.from(values);
    refuseNaN(rounded);
    return order.sort((a, b) => rounded[a] - rounded[b] || a - b);
  }
  // The bits of a float32, as a 32-bit integer of the same order, above the index: 53 bits, exact in a float64.
  const floats = new Float32Array(n);
  for (let i = 0; i < n; i++) floats[i] = values[i] + 0;
  refuseNaN(floats);
  const bits = new Uint32Array(floats.buffer);
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const b = bits[i];
    const ordered = b & 0x80000000 ? ~b >>> 0 : b + 0x80000000;
    keys[i] = ordered * 2 ** indexBits + i;
  }
  keys.sort();
  for (let i = 0; i < n; i++) order[i] = keys[i] % 2 ** indexBits;
  return order;
}

function refuseNaN(values: Float32Array): void {
  const at = values.findIndex(Number.isNaN);
  if (at >= 0) throw new RangeError(`sort: value ${at} is not a number`);
}
