/** A share with Wilson's score interval (Wilson 1927), which stays within [0, 1] and has a width at 0 and 1 too. */

export interface Share {
  /** NaN without trials, and then the interval is [0, 1]. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Trials. */
  readonly n: number;
}

/** The 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/** `successes` of `n` with the 95 % interval. */
export function proportion(successes: number, n: number): Share {
  if (n === 0) return { value: Number.NaN, low: 0, high: 1, n };
  const value = successes / n;
  const centre = (value + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n));
  return { value, low: Math.max(0, centre - half), high: Math.min(1, centre + half), n };
}
