/** Two families side by side, over input sizes and judges (Table 1 of arXiv 2506.07803). */

import { UserError } from "@optogram/cli";
import { bootstrapMean, holm, pairedT, wilcoxon } from "@optogram/statistics";
import { type Entry, type Evaluation, type Judge, mean, scoresOf } from "./evaluation.ts";

export interface FamilyPair {
  /** Ids of entries. */
  readonly a: string;
  readonly b: string;
}

export interface FamilyRow {
  readonly a: Entry;
  readonly b: Entry;
  readonly judge: Judge;
  /** Images. */
  readonly n: number;
  readonly meanA: number;
  readonly meanB: number;
  /** Mean of a's cosines less b's, with its 95 % bootstrap interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Of Wilcoxon's signed ranks and of Student's paired test, two-sided; each adjusted by Holm over the whole table. */
  readonly wilcoxon: Test;
  readonly student: Test;
  /** Matched-pairs rank-biserial correlation, −1..1: positive where a is better. */
  readonly effect: number;
}

export interface Test {
  readonly statistic: number;
  readonly p: number;
  readonly adjusted: number;
}

/** @throws UserError where a pair names what was not painted. */
export function checkPairs(entries: readonly Pick<Entry, "id">[], pairs: readonly FamilyPair[]): void {
  const ids = entries.map(({ id }) => id);
  const unknown = pairs.flatMap(({ a, b }) => [a, b]).find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new UserError(`"pairs" names ${unknown}, which nothing was painted by`, {
      advice: `there are ${ids.join(", ")}`,
    });
}

/** A row a pair and judge. */
export function familyRows(evaluation: Evaluation, pairs: readonly FamilyPair[], seed: number): FamilyRow[] {
  const { entries, measures } = evaluation;
  checkPairs(entries, pairs);
  const rows = pairs.flatMap((pair) =>
    measures.flatMap(({ judge }, m) => {
      if (!judge) return [];
      const [a, b] = [pair.a, pair.b].map((id) => entries.findIndex((entry) => entry.id === id));
      const [x, y] = [a, b].map((entry) => scoresOf(evaluation, entry, m));
      const interval = bootstrapMean(
        Array.from(x, (score, i) => [score - y[i]]),
        { seed },
      );
      const ranks = wilcoxon(x, y);
      const { t, p } = pairedT(x, y);
      return {
        ...{ a: entries[a], b: entries[b], judge, n: x.length, meanA: mean(x), meanB: mean(y) },
        ...{ difference: interval.mean, low: interval.low, high: interval.high, effect: ranks.effect },
        wilcoxon: { statistic: ranks.statistic, p: ranks.p },
        student: { statistic: t, p },
      };
    }),
  );
  const ranks = holm(rows.map(({ wilcoxon: { p } }) => p));
  const students = holm(rows.map(({ student: { p } }) => p));
  return rows.map((row, i) => ({
    ...row,
    wilcoxon: { ...row.wilcoxon, adjusted: ranks[i] },
    student: { ...row.student, adjusted: students[i] },
  }));
}
