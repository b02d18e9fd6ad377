/** What the search for a picture of two things at once begins with: the pictures of both, put together. */

/** Two pictures of one size, laid over each other: their mean. */
export function laidOver(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => (value + b[i]) / 2);
}

/** The middle half of one picture [3, size, size], and to the right of it that of the other. */
export function sideBySide(a: Float32Array, b: Float32Array, size: number): Float32Array {
  const half = Math.floor(size / 2);
  const quarter = Math.floor(size / 4);
  return a.map((_, i) => (i % size < half ? a[i + quarter] : b[i - (size - half) + quarter]));
}
