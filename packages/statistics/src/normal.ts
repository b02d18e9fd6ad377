/** The normal distribution's tail. */

/** P(Z ≥ z) of a standard normal Z, to about 14 digits. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    // Φ(z) − 1/2 = φ(z) (z + z³/3 + z⁵/(3·5) + …) (Abramowitz & Stegun 26.2.11).
    let term = z;
    let sum = z;
    for (let k = 3; term > 1e-17 * sum; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // φ(z) / (z + 1/(z + 2/(z + 3/…))), from the inside out (26.2.14).
  let fraction = z;
  for (let k = 120; k > 0; k--) fraction = z + k / fraction;
  return density / fraction;
}
