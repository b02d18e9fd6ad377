/** Directions in an embedding space, as unit vectors. */

/** The vector at unit length. @throws RangeError where it has none. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!(length > 0 && Number.isFinite(length)))
    throw new RangeError(`a vector of length ${length} has no direction`);
  return vector.map((value) => value / length);
}

/** Of feature `feature`: its row of the dictionary [m, d]. */
export function featureDirection(dictionary: Float32Array, d: number, feature: number): Float32Array {
  if (!(Number.isInteger(feature) && feature >= 0 && (feature + 1) * d <= dictionary.length))
    throw new RangeError(`there is no feature ${feature} among ${dictionary.length / d}`);
  return unit(dictionary.subarray(feature * d, (feature + 1) * d));
}

/** Of Σ weight · vector. */
export function combination(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  return unit(vectors[0].map((_, i) => vectors.reduce((sum, vector, k) => sum + weights[k] * vector[i], 0)));
}

/**
 * The unit vector a share `t` of the way from unit vector `a` to `b` along the great circle (Shoemake 1985):
 * (sin((1 − t) φ) a + sin(t φ) b) / sin φ. Half way it is the direction of a + b.
 * @throws RangeError between opposite vectors, which many great circles join.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  // Of unit vectors, from the chord and not the cosine: exact for small angles.
  const apart = Math.hypot(...a.map((value, i) => value - b[i]));
  const together = Math.hypot(...a.map((value, i) => value + b[i]));
  if (together < 1e-6)
    throw new RangeError("slerp: the vectors are opposite, so no way between them is shortest");
  const angle = 2 * Math.atan2(apart, together);
  if (angle < 1e-6) return a.slice();
  return combination([a, b], [Math.sin((1 - t) * angle), Math.sin(t * angle)]);
}
