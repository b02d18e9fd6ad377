/** Intervals without an assumption of their shape, by drawing the sample again from itself (Efron 1979). */

import { type Random, seededRandom } from "./random.ts";
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
  const chosen = new Uint32Array(groups.length);
  const means = Array.from({ length: draws }, () => {
    for (let i = 0; i < chosen.length; i++) chosen[i] = random.integer(groups.length);
    let sum = 0;
    for (const index of chosen) sum += drawnMean(groups[index], random);
    return sum / chosen.length;
  });
  const [low, high] = quantiles(means, [(1 - level) / 2, (1 + level) / 2]);
  return { mean: mean(groups.map(mean)), low, high };
}

/** The mean of values drawn with replacement. */
function drawnMean(values: readonly number[], random: Random): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)];
  return sum / values.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How often each of `draws` samples, drawn with replacement, holds one item of a stream: Poisson's distribution of mean 1.
 * Sums over items with these weights are bootstrap replicates that need no item twice (Chamandy et al. 2012).
 */
export function poissonWeights(draws: number, random: Random): Uint8Array {
  const none = Math.exp(-1);
  return Uint8Array.from({ length: draws }, () => {
    let times = 0;
    for (let product = random.uniform(); product > none; product *= random.uniform()) times++;
    return times;
  });
}
