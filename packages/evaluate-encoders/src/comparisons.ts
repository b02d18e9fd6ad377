/** Which encoders differ, image by image. */

import { holm, wilcoxon } from "@optogram/statistics";
import { type Evaluation, isRanked, type Measure, mean, scoresOf } from "./evaluation.ts";

/** Below this, an adjusted p value counts as a difference. */
export const significance = 0.05;

export interface Comparison {
  readonly measure: Measure;
  /** Entries by their number in the evaluation. */
  readonly a: number;
  readonly b: number;
  /** Images. */
  readonly n: number;
  /** Images on which their scores differ. */
  readonly decided: number;
  /** Mean of a's scores less b's. */
  readonly difference: number;
  /** Wilcoxon's signed ranks, two-sided. */
  readonly p: number;
  /** By Holm, over all pairs of the measure. */
  readonly adjusted: number;
  /** Matched-pairs rank-biserial correlation, −1..1: positive where a is better. */
  readonly effect: number;
}

/** Every pair of encoders by every measure. */
export function comparisonsOf(evaluation: Evaluation): Comparison[] {
  const ranked = evaluation.entries.flatMap((entry, i) => (isRanked(entry) ? [i] : []));
  return evaluation.measures.flatMap((measure, m) => {
    const pairs = ranked.flatMap((a, i) => ranked.slice(i + 1).map((b) => [a, b] as const));
    const tests = pairs.map(([a, b]) => {
      const [x, y] = [a, b].map((entry) => scoresOf(evaluation, entry, m));
      const { n, decided, p, effect } = wilcoxon(x, y);
      const sign = measure.better === "higher" ? 1 : -1;
      // Of what does not differ, 0 and not −0.
      return { measure, a, b, n, decided, difference: mean(x) - mean(y), p, effect: sign * effect || 0 };
    });
    const adjusted = holm(tests.map(({ p }) => p));
    return tests.map((test, i) => ({ ...test, adjusted: adjusted[i] }));
  });
}
