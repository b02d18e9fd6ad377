/** The little that is needed of square matrices, row-major, d × d. */

export function multiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const result = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) {
      const factor = a[i * d + k];
      if (factor === 0) continue;
      for (let j = 0, from = k * d, to = i * d; j < d; j++, from++, to++) result[to] += factor * b[from];
    }
  return result;
}

export function transposed(a: Float64Array, d: number): Float64Array {
  return a.map((_, i) => a[(i % d) * d + Math.floor(i / d)]);
}

/** The Frobenius norm. */
export function norm(a: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
}
