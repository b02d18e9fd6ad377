import type { SiteTable } from "@optogram/render-atlas/site";
import { once } from "../data/load.ts";
import { number, type Row, readWhole, textOrNull } from "../data/tables.ts";

/** One pair of two families under one judge. */
export interface FamilyRow {
  readonly a: string;
  readonly b: string;
  /** Heights of the inputs in pixels. */
  readonly inputs: readonly [a: number, b: number];
  readonly judgeCompared: boolean;
  readonly n: number;
  /** Mean cosines. */
  readonly means: readonly [a: number, b: number];
  /** Of a less b, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** From −1 to 1, positive where a is better. */
  readonly effect: number;
  /** Of both tests, adjusted over the table. */
  readonly wilcoxon: number;
  readonly student: number;
}

/** By judge, in the table's order. */
export type Families = ReadonlyMap<string, readonly FamilyRow[]>;

export function loadFamilies(table: SiteTable): Promise<Families> {
  return once("encoders families", async () => assembleFamilies(await readWhole(table)));
}

export function assembleFamilies(rows: readonly Row[]): Families {
  const judged = rows.map((row) => ({
    judge: textOrNull(row, "judge") ?? "",
    a: textOrNull(row, "a") ?? "",
    b: textOrNull(row, "b") ?? "",
    inputs: [number(row, "input_a"), number(row, "input_b")] as const,
    judgeCompared: row.judge_compared === true,
    n: number(row, "n"),
    means: [number(row, "mean_a"), number(row, "mean_b")] as const,
    ...{ difference: number(row, "difference"), low: number(row, "low"), high: number(row, "high") },
    effect: number(row, "effect"),
    wilcoxon: number(row, "wilcoxon_p_adjusted"),
    student: number(row, "t_p_adjusted"),
  }));
  return Map.groupBy(judged, ({ judge }) => judge);
}
