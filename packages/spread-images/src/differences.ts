/** How generated pictures differ from their originals as a class. */

import { bootstrapMean, type Interval } from "@optogram/statistics";
import { type Style, styleNames } from "./style.ts";

/** An original and what was generated of it. */
export interface Spread extends Style {
  readonly generations: readonly Style[];
}

export interface Difference {
  readonly statistic: (typeof styleNames)[number];
  /** Means over the images. */
  readonly original: number;
  readonly generated: number;
  /** Of a generation and its own original; 95 % of a bootstrap over images, and generations within each. */
  readonly difference: Interval;
}

export function differences(spreads: readonly Spread[], seed: number): Difference[] {
  return styleNames.map((statistic) => {
    const difference = bootstrapMean(
      spreads.map((original) => original.generations.map((one) => one[statistic] - original[statistic])),
      { seed },
    );
    const original = spreads.reduce((sum, one) => sum + one[statistic], 0) / spreads.length;
    return { statistic, original, generated: original + difference.mean, difference };
  });
}
