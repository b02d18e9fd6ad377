/** Whether the mean of paired differences is 0, where they are about normal: Student's test (1908). */

export interface PairedT {
  /** Pairs. */
  readonly n: number;
  /** Mean difference over its standard error: 0 where all differ by 0, infinite where all differ by the same. */
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

/** The paired t-test of a − b, as `scipy.stats.ttest_rel` has it. */
export function pairedT(a: ArrayLike<number>, b: ArrayLike<number>): PairedT {
  if (a.length !== b.length || a.length < 2)
    throw new RangeError(`pairedT: ${a.length} and ${b.length} values are not two pairs or more`);
  const n = a.length;
  const differences = Array.from(a, (value, i) => value - b[i]);
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  if (mean === 0) return { n, t: 0, p: 1 };
  const t = mean / Math.sqrt(variance / n);
  return { n, t, p: studentTails(t, n - 1) };
}

/** P(|T| ≥ |t|) of Student's distribution with that many degrees of freedom: I_x(df/2, 1/2), x = df / (df + t²). */
export function studentTails(t: number, df: number): number {
  const x = df / (df + t * t);
  return incompleteBeta(x, df / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean alone.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  // From the inside out; 300 terms are enough to the last digit for a, b below about 10⁵.
  let fraction = 1;
  for (let k = 300; k > 0; k--) {
    const m = Math.floor(k / 2);
    const numerator =
      k % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + numerator / fraction;
  }
  return front / fraction;
}

/** ln Γ(x) for x > 0: Stirling's series, after the recurrence has brought x above 8. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 8; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
