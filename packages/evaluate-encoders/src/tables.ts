/** The tables that the stage writes; their columns are described in the package's README. */

import { bools, table, texts } from "@optogram/artifacts";
import type { Comparison } from "./comparisons.ts";
import { type Entry, type Evaluation, type Measure, scoresOf } from "./evaluation.ts";
import type { FamilyRow } from "./families.ts";
import type { RankingRow } from "./ranking.ts";

/** Numbers cannot be missing in a table. */
const none = -1;

export function scoresTable(evaluation: Evaluation) {
  const { entries, measures, images } = evaluation;
  const rows = entries.flatMap((entry, e) =>
    measures.flatMap((measure, m) =>
      Array.from(scoresOf(evaluation, e, m), (score, i) => ({ entry, measure, image: images[i], score })),
    ),
  );
  return table({
    ...measureColumns(rows),
    entry: texts(rows.map(({ entry }) => entry.id)),
    image: Uint32Array.from(rows, ({ image }) => image),
    score: Float32Array.from(rows, ({ score }) => score),
  });
}

export function rankingTable(rows: readonly RankingRow[]) {
  const numbers = (value: (row: RankingRow) => number) => Float32Array.from(rows, value);
  return table({
    ...measureColumns(rows),
    judge_compared: bools(rows.map(({ measure }) => measure.judge?.compared ?? false)),
    own: bools(rows.map(({ own }) => own)),
    ...entryColumns(rows),
    rank: Int32Array.from(rows, ({ rank }) => rank ?? none),
    n: Uint32Array.from(rows, ({ n }) => n),
    mean: numbers(({ mean }) => mean),
    low: numbers(({ low }) => low),
    high: numbers(({ high }) => high),
    groups: texts(rows.map(({ groups }) => groups)),
  });
}

function measureColumns(rows: readonly { readonly measure: Measure }[]) {
  return {
    measure: texts(rows.map(({ measure }) => measure.key)),
    judge: texts(rows.map(({ measure }) => measure.judge?.name)),
  };
}

function entryColumns(rows: readonly { readonly entry: Entry }[]) {
  const facts = rows.map(({ entry }) => entry.encoder);
  return {
    entry: texts(rows.map(({ entry }) => entry.id)),
    kind: texts(rows.map(({ entry }) => entry.kind)),
    encoder: texts(facts.map((encoder) => encoder?.name)),
    layer: texts(facts.map((encoder) => encoder?.layer)),
    block: Int32Array.from(facts, (encoder) => encoder?.block ?? none),
    tokens: Int32Array.from(facts, (encoder) => encoder?.tokens ?? none),
  };
}

export function comparisonsTable({ entries }: Evaluation, rows: readonly Comparison[]) {
  return table({
    ...measureColumns(rows),
    a: texts(rows.map(({ a }) => entries[a].id)),
    b: texts(rows.map(({ b }) => entries[b].id)),
    n: Uint32Array.from(rows, ({ n }) => n),
    decided: Uint32Array.from(rows, ({ decided }) => decided),
    difference: Float32Array.from(rows, ({ difference }) => difference),
    effect: Float32Array.from(rows, ({ effect }) => effect),
    p: Float64Array.from(rows, ({ p }) => p),
    p_adjusted: Float64Array.from(rows, ({ adjusted }) => adjusted),
  });
}

export function familiesTable(rows: readonly FamilyRow[]) {
  const floats = (value: (row: FamilyRow) => number) => Float32Array.from(rows, value);
  const doubles = (value: (row: FamilyRow) => number) => Float64Array.from(rows, value);
  const heights = (side: "a" | "b") =>
    Uint32Array.from(rows, (row) => (row[side].encoder?.input ?? row[side].size)[0]);
  return table({
    a: texts(rows.map(({ a }) => a.id)),
    b: texts(rows.map(({ b }) => b.id)),
    input_a: heights("a"),
    input_b: heights("b"),
    judge: texts(rows.map(({ judge }) => judge.name)),
    judge_compared: bools(rows.map(({ judge }) => judge.compared)),
    n: Uint32Array.from(rows, ({ n }) => n),
    mean_a: floats(({ meanA }) => meanA),
    mean_b: floats(({ meanB }) => meanB),
    difference: floats(({ difference }) => difference),
    low: floats(({ low }) => low),
    high: floats(({ high }) => high),
    effect: floats(({ effect }) => effect),
    wilcoxon: doubles(({ wilcoxon }) => wilcoxon.statistic),
    wilcoxon_p: doubles(({ wilcoxon }) => wilcoxon.p),
    wilcoxon_p_adjusted: doubles(({ wilcoxon }) => wilcoxon.adjusted),
    t: doubles(({ student }) => student.statistic),
    t_p: doubles(({ student }) => student.p),
    t_p_adjusted: doubles(({ student }) => student.adjusted),
  });
}
