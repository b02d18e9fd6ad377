/** Display values and the numbers whose sigmoids they are. */

/** Values nearer to 0 and 1 are moved to this distance: beyond it the sigmoid has no slope to climb. */
const margin = 0.02;

/** log(p / (1 − p)) of display values, clamped to where a search can still move them. */
export function logitsOf(values: Float32Array): Float32Array {
  return values.map((value) => {
    const p = Math.min(1 - margin, Math.max(margin, value));
    return Math.log(p / (1 - p));
  });
}
