/** Intervals without an assumption of their shape, by drawing the sample again from itself (Efron 1979). */

import { seededRandom } from "./random.ts";
import { quantiles } from "./summaries.ts";

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  readonly draws?: number;
  /** Share of the draws between low and high. */
  readonly level?: number;
}

/**
 * The mean of the groups' means with its percentile interval. Values of one group belong together (generations of one
 * image), so groups are drawn with replacement, and then the values within each (Davison & Hinkley 1997, 3.8). Groups
 * of one value each make it the plain bootstrap.
 */
export function bootstrapMean(
  groups: readonly (readonly number[])[],
  { seed, draws = 2000, level = 0.95 }: BootstrapOptions,
): Interval {
  if (groups.length === 0 || groups.some((group) => group.length === 0))
    throw new RangeError("bootstrapMean: there are no values, or none in a group");
  const random = seededRandom(seed);
  const drawn = <T>(items: readonly T[]) => items.map(() => items[random.integer(items.length)]);
  const means = Array.from({ length: draws }, () => mean(drawn(groups).map((group) => mean(drawn(group)))));
  const [low, high] = quantiles(means, [(1 - level) / 2, (1 + level) / 2]);
  return { mean: mean(groups.map(mean)), low, high };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
