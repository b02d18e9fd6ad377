/** The ranking: each entry's mean score by each measure, how sure it is, and whom it does not differ from. */

import { bootstrapMean } from "@optogram/statistics";
import { type Comparison, significance } from "./comparisons.ts";
import { type Entry, type Evaluation, isRanked, type Measure, scoresOf } from "./evaluation.ts";
import { groupsOf } from "./groups.ts";

export interface RankingRow {
  readonly measure: Measure;
  readonly entry: Entry;
  /** Whether the judge is the very encoder that painted. */
  readonly own: boolean;
  /** Images. */
  readonly n: number;
  readonly mean: number;
  /** The mean's 95 % bootstrap interval. */
  readonly low: number;
  readonly high: number;
  /** From 1, the best; undefined for controls other than random weights. */
  readonly rank?: number;
  /** Letters: encoders that share one do not differ significantly. */
  readonly groups?: string;
}

/** By measure, in each the encoders from the best, then the controls. */
export function rankingOf(
  evaluation: Evaluation,
  comparisons: readonly Comparison[],
  seed: number,
): RankingRow[] {
  const { entries, measures } = evaluation;
  return measures.flatMap((measure, m) => {
    const rows = entries.map((entry, index) => {
      const scores = Array.from(scoresOf(evaluation, index, m), (score) => [score]);
      const own = measure.judge?.compared === true && measure.judge.name === entry.encoder?.name;
      return { measure, entry, index, own, n: scores.length, ...bootstrapMean(scores, { seed }) };
    });
    const sign = measure.better === "higher" ? -1 : 1;
    const ranked = rows.filter(({ entry }) => isRanked(entry)).sort((a, b) => sign * (a.mean - b.mean));
    const apart = new Set(
      comparisons
        .filter(({ measure: { key }, adjusted }) => key === measure.key && adjusted < significance)
        .map(({ a, b }) => `${a} ${b}`),
    );
    const groups = groupsOf(ranked.length, (i, j) => {
      const pair = [ranked[i].index, ranked[j].index];
      return apart.has(pair.join(" ")) || apart.has(pair.reverse().join(" "));
    });
    return [
      ...ranked.map(({ index, ...row }, i) => ({ ...row, rank: i + 1, groups: groups[i] })),
      ...rows.filter(({ entry }) => !isRanked(entry)).map(({ index, ...row }) => row),
    ];
  });
}
