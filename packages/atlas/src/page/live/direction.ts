/** Directions in the embedding space: unit vectors, what lies between two of them, and what one has beyond the other. */

/** Below this, what is left of a vector is rounding and points nowhere. */
const smallestNorm = 1e-4;

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
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
  return length < smallestNorm ? undefined : a.map((value) => value / length);
}

/**
 * The point of the great circle through two unit vectors at share `t` of the angle between them (Shoemake 1985):
 * (sin((1 − t)θ) a + sin(tθ) b) / sin θ. At t = ½ it is the direction of a + b. Opposite vectors have no single great circle.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(a, b))));
  const sine = Math.sin(angle);
  // Where the arc is short it is straight, and the quotient below would be 0 / 0.
  const [ofA, ofB] =
    sine < smallestNorm ? [1 - t, t] : [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  const between = a.map((value, i) => ofA * value + ofB * b[i]!);
  return unit(between) ?? a;
}

/** a ⊥ b: the part of a that is orthogonal to the unit vector b, as a unit vector; undefined where nothing is left. */
export function orthogonal(a: Float32Array, b: Float32Array): Float32Array | undefined {
  const along = dot(a, b);
  return unit(a.map((value, i) => value - along * b[i]!));
}
