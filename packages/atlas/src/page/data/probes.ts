import type { SiteEncoder } from "@optogram/render-atlas/site";
import { once } from "./load.ts";
import { number, type Row, readWhere, readWhole, textOrNull } from "./tables.ts";

export const probeNames = ["size", "number", "wholeness"] as const;

/** What is varied about a thing. */
export type ProbeName = (typeof probeNames)[number];

export interface Answer {
  /** Activation: the mean over drawings, and its standard deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** One image that a thing was probed with. */
export interface ProbePoint {
  readonly probe: ProbeName;
  /** size: share of the frame; number: how many; wholeness: 1 whole, 0 sliced. */
  readonly value: number;
  /** Its picture's place on the thing's sheet. */
  readonly cell: number;
  /** By feature; those that are silent are left out. */
  readonly answers: ReadonlyMap<number, Answer>;
}

export interface SplitEnd {
  readonly feature: number;
  /** Where it is strong and the other is not. */
  readonly value: number;
  readonly here: number;
  readonly there: number;
}

/** Two features that share a thing between them. */
export interface Split {
  readonly thing: number;
  readonly probe: ProbeName;
  readonly a: SplitEnd;
  readonly b: SplitEnd;
  readonly score: number;
}

/** The images of a thing, probe by probe, each from its first value to its last. */
export function loadProbe(encoder: SiteEncoder, thing: number): Promise<readonly ProbePoint[]> {
  return once(`probe ${encoder.folder} ${thing}`, async () => {
    const rows = encoder.tables.probes ? await readWhere(encoder.tables.probes, "thing", thing) : [];
    return rows.flatMap((row): ProbePoint[] => {
      const probe = probeOf(row);
      return probe
        ? [{ probe, value: number(row, "value"), cell: number(row, "cell"), answers: answersOf(row) }]
        : [];
    });
  });
}

/** Best first. */
export function loadSplits(encoder: SiteEncoder): Promise<readonly Split[]> {
  return once(`splits ${encoder.folder}`, async () => {
    const rows = encoder.tables.splits ? await readWhole(encoder.tables.splits) : [];
    return rows.flatMap((row): Split[] => {
      const probe = probeOf(row);
      const end = (name: "a" | "b"): SplitEnd => ({
        feature: number(row, name),
        value: number(row, `${name}_value`),
        here: number(row, `${name}_here`),
        there: number(row, `${name}_there`),
      });
      const [thing, score] = [number(row, "thing"), number(row, "score")];
      return probe ? [{ thing, probe, a: end("a"), b: end("b"), score }] : [];
    });
  });
}

function probeOf(row: Row): ProbeName | undefined {
  return probeNames.find((name) => name === textOrNull(row, "probe"));
}

function answersOf(row: Row): Map<number, Answer> {
  const active = Array.isArray(row.activations) ? (row.activations as Row[]) : [];
  return new Map(
    active.map((one) => [
      number(one, "feature"),
      { mean: number(one, "mean"), deviation: number(one, "deviation") },
    ]),
  );
}

/** A value of a probe in words: what the thing is like there. */
export function valueInWords(probe: ProbeName, value: number): string {
  if (probe === "size") return value > 0.995 ? "the whole frame" : `${value.toFixed(2)} of the frame`;
  if (probe === "number") return value === 1 ? "one" : `${value} of them`;
  return value === 1 ? "whole" : "sliced";
}

/** A split in a sentence. */
export function splitInWords({ probe, a, b }: Split, thing: string): string {
  const when = ({ value }: SplitEnd, extent: string) => {
    if (probe === "size") return `it is ${extent} (${valueInWords(probe, value)})`;
    if (probe === "number") return value === 1 ? "there is one" : `there are ${value}`;
    return `it is ${valueInWords(probe, value)}`;
  };
  return `Two features answer to the ${thing}: ${a.feature} when ${when(a, "large")}, ${b.feature} when ${when(b, b.value < 0.3 ? "small" : "smaller")}.`;
}
