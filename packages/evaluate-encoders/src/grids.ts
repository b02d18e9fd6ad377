/** Rows of the ranking and of the families as grids: to read, and with every number for CSV. */

import { significance } from "./comparisons.ts";
import type { Entry, Measure } from "./evaluation.ts";
import type { FamilyRow, Test } from "./families.ts";
import type { Cell, Grid } from "./formats.ts";
import type { RankingRow } from "./ranking.ts";

/** Encoders by the first measure's ranks, then controls; a column a measure: mean (interval) letters. */
export function rankingGrid(rows: readonly RankingRow[]): Grid {
  const measures = [...new Map(rows.map(({ measure }) => [measure.key, measure])).values()];
  const lead = rows.filter(({ measure }) => measure.key === measures[0].key);
  const cellOf = (entry: Entry, measure: Measure) => {
    const row = rows.find((one) => one.entry.id === entry.id && one.measure.key === measure.key);
    return row ? scoreCell(row) : "";
  };
  return {
    title: `How much of an image each encoder keeps: ${lead[0].n} images`,
    head: ["rank", "encoder", "layer", "tokens", ...measures.map(heading)],
    rows: lead.map(({ entry, rank }) => [
      rank ?? "",
      entry.id,
      entry.encoder?.layer ?? "",
      entry.encoder?.tokens ?? "",
      ...measures.map((measure) => cellOf(entry, measure)),
    ]),
    notes: [
      `Mean (95 % bootstrap interval) over images; encoders that share a letter do not differ (Wilcoxon's signed ranks, Holm over all pairs of a column, ${significance}). Ranks are by ${measures[0].title}`,
      ...(measures.some(({ judge }) => judge?.compared)
        ? ["*: the judge is one of the encoders compared"]
        : []),
    ],
  };
}

function heading({ title, better, judge }: Measure): string {
  return `${title}${judge?.compared ? "*" : ""} ${better === "higher" ? "↑" : "↓"}`;
}

function scoreCell({ mean, low, high, groups }: RankingRow): string {
  const digits = Math.abs(mean) >= 10 ? 2 : 3;
  const interval = `${mean.toFixed(digits)} (${low.toFixed(digits)}, ${high.toFixed(digits)})`;
  return groups ? `${interval} ${groups}` : interval;
}

/** A row a measure and entry. */
export function rankingNumbers(rows: readonly RankingRow[]): Grid {
  return {
    title: "Ranking",
    head: [
      ...[
        "measure",
        "judge",
        "judge_compared",
        "own",
        "entry",
        "kind",
        "encoder",
        "layer",
        "block",
        "tokens",
      ],
      ...["rank", "n", "mean", "low", "high", "groups"],
    ],
    rows: rows.map(({ measure, entry, own, rank, n, mean, low, high, groups }): Cell[] => [
      ...[measure.key, measure.judge?.name ?? "", String(measure.judge?.compared ?? false), String(own)],
      ...[entry.id, entry.kind, entry.encoder?.name ?? "", entry.encoder?.layer ?? ""],
      ...[
        entry.encoder?.block ?? "",
        entry.encoder?.tokens ?? "",
        rank ?? "",
        n,
        mean,
        low,
        high,
        groups ?? "",
      ],
    ]),
  };
}

export function familiesGrid(rows: readonly FamilyRow[]): Grid {
  return {
    title: `Two families in pairs: cosines over ${rows[0].n} images`,
    head: ["a", "b", "input", "judge", "mean a", "mean b", "a − b", "effect", "p Wilcoxon", "p Student"],
    rows: rows.map(({ a, b, judge, ...row }) => [
      ...[a.id, b.id, inputOf(a, b), `${judge.name}${judge.compared ? "*" : ""}`],
      ...[row.meanA.toFixed(3), row.meanB.toFixed(3)],
      `${row.difference.toFixed(4)} (${row.low.toFixed(4)}, ${row.high.toFixed(4)})`,
      ...[row.effect.toFixed(2), pCell(row.wilcoxon), pCell(row.student)],
    ]),
    notes: [
      "Wilcoxon's signed ranks and Student's paired test, two-sided, adjusted by Holm over the table; effect: matched-pairs rank-biserial correlation, positive where a is better",
      ...(rows.some(({ judge }) => judge.compared) ? ["*: the judge is one of the encoders compared"] : []),
    ],
  };
}

export function familiesNumbers(rows: readonly FamilyRow[]): Grid {
  return {
    title: "Families",
    head: [
      ...["a", "b", "input", "judge", "judge_compared", "n", "mean_a", "mean_b", "difference", "low", "high"],
      ...["effect", "wilcoxon", "wilcoxon_p", "wilcoxon_p_adjusted", "t", "t_p", "t_p_adjusted"],
    ],
    rows: rows.map(({ a, b, judge, wilcoxon, student, ...row }): Cell[] => [
      ...[a.id, b.id, inputOf(a, b), judge.name, String(judge.compared)],
      ...[row.n, row.meanA, row.meanB, row.difference, row.low, row.high, row.effect],
      ...[wilcoxon.statistic, wilcoxon.p, wilcoxon.adjusted, student.statistic, student.p, student.adjusted],
    ]),
  };
}

/** The input's size in pixels, both where they differ. */
function inputOf(a: Entry, b: Entry): string {
  const sizes = [a, b].map(({ encoder, size }) => (encoder?.input ?? size).join(" × "));
  return sizes[0] === sizes[1] ? sizes[0] : sizes.join(" and ");
}

function pCell({ adjusted }: Test): string {
  return adjusted < 0.001 ? "< 0.001" : adjusted.toFixed(3);
}
