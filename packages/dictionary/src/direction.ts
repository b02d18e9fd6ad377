/** Directions in an embedding space: unit vectors, what lies between two of them, and what one has beyond the other. */

/** Below this, what is left of a vector is rounding and points nowhere. */
const smallestNorm = 1e-4;

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / (norm(a) * norm(b) || 1);
}

/** a / |a|; undefined where a has no direction. */
export function unit(a: Float32Array): Float32Array | undefined {
  const length = norm(a);
  return length > smallestNorm && Number.isFinite(length) ? a.map((value) => value / length) : undefined;
}

/**
 * The point of the great circle through two unit vectors at share `t` of the angle between them (Shoemake 1985):
 * (sin((1 − t)θ) a + sin(tθ) b) / sin θ. At t = ½ it is the direction of a + b. Opposite vectors have no single great
 * circle: then it is a.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  // From the chords and not the cosine: exact for small angles too.
  const apart = Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
  const together = Math.sqrt(a.reduce((sum, value, i) => sum + (value + b[i]) ** 2, 0));
  const angle = 2 * Math.atan2(apart, together);
  // Where the arc is short it is straight, and the quotient of sines would be 0 / 0.
  const [ofA, ofB] = angle < smallestNorm ? [1 - t, t] : [Math.sin((1 - t) * angle), Math.sin(t * angle)];
  return combination([a, b], [ofA, ofB]) ?? a;
}

/** The direction of Σ weight · vector; undefined where nothing is left. */
export function combination(
  vectors: readonly Float32Array[],
  weights: readonly number[],
): Float32Array | undefined {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const [k, vector] of vectors.entries())
    for (let i = 0; i < sum.length; i++) sum[i] += weights[k] * vector[i];
  return unit(sum);
}

/** a ⊥ b: the part of a that is orthogonal to the unit vector b, as a unit vector; undefined where nothing is left. */
export function orthogonal(a: Float32Array, b: Float32Array): Float32Array | undefined {
  const along = dot(a, b);
  return unit(a.map((value, i) => value - along * b[i]));
}
