import type { SiteEntry, SiteEvaluation, SiteMeasure } from "@optogram/render-atlas/site";
import { once } from "../data/load.ts";
import { number, numberOrNull, type Row, readWhole, textOrNull } from "../data/tables.ts";

/** What an entry reaches by a measure. */
export interface Score {
  readonly entry: SiteEntry;
  /** From 1; none for controls that are not ranked. */
  readonly rank: number | null;
  readonly n: number;
  readonly mean: number;
  /** 95 % bootstrap interval of the mean. */
  readonly low: number;
  readonly high: number;
  /** Letters that those share who do not differ. */
  readonly groups: string | null;
  /** Whether the judge is this encoder. */
  readonly own: boolean;
}

/** A paired test of two entries by a measure. */
export interface Comparison {
  readonly measure: string;
  readonly a: string;
  readonly b: string;
  readonly n: number;
  /** Mean of a − b. */
  readonly difference: number;
  /** From −1 to 1, positive where a is better. */
  readonly effect: number;
  readonly p: number;
}

export interface Ranking {
  /** By measure: encoders from the best, then controls. */
  readonly scores: ReadonlyMap<string, readonly Score[]>;
  readonly comparisons: readonly Comparison[];
}

export function loadRanking(site: SiteEvaluation): Promise<Ranking> {
  return once("encoders ranking", async () => {
    const [ranking, comparisons] = await Promise.all([site.ranking, site.comparisons].map(readWhole));
    return assembleRanking(site.entries, ranking!, comparisons!);
  });
}

export function assembleRanking(
  entries: readonly SiteEntry[],
  ranking: readonly Row[],
  comparisons: readonly Row[],
): Ranking {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const scores = new Map<string, Score[]>();
  for (const row of ranking) {
    const entry = known.get(textOrNull(row, "entry") ?? "");
    const measure = textOrNull(row, "measure");
    if (!entry || measure === null) continue;
    const list = scores.get(measure) ?? [];
    list.push({
      entry,
      rank: numberOrNull(row, "rank"),
      n: number(row, "n"),
      mean: number(row, "mean"),
      low: number(row, "low"),
      high: number(row, "high"),
      groups: textOrNull(row, "groups"),
      own: row.own === true,
    });
    scores.set(measure, list);
  }
  return {
    scores,
    comparisons: comparisons.map((row) => ({
      measure: textOrNull(row, "measure") ?? "",
      a: textOrNull(row, "a") ?? "",
      b: textOrNull(row, "b") ?? "",
      n: number(row, "n"),
      difference: number(row, "difference"),
      effect: number(row, "effect"),
      p: number(row, "p_adjusted"),
    })),
  };
}

/** The test of two entries from a's side, whichever way round the table has them. */
export function comparisonOf(
  { comparisons }: Ranking,
  measure: string,
  a: string,
  b: string,
): Comparison | undefined {
  const found = comparisons.find(
    (one) => one.measure === measure && ((one.a === a && one.b === b) || (one.a === b && one.b === a)),
  );
  if (!found || found.a === a) return found;
  return { ...found, a, b, difference: -found.difference, effect: -found.effect };
}

/** Encoders that have learnt; all else is a control. */
export function isLearnt({ kind }: SiteEntry): boolean {
  return kind === "encoder";
}

const controls: Readonly<Record<Exclude<SiteEntry["kind"], "encoder">, string>> = {
  "random-weights": "an encoder that has learnt nothing",
  "shuffled-tokens": "the same tokens, but no longer in their places",
  "mean-image": "one picture for all: what can be had without looking",
  pixels: "the original at the size of a painting: the most that one can reach",
};

/** What an entry is, in a few words. */
export function describeEntry({ kind, encoder }: SiteEntry): string {
  if (kind !== "encoder") return controls[kind];
  return encoder?.objective ?? encoder?.title ?? "";
}

/** Scores of one measure have as many decimals as their size calls for. */
export function decimals(scores: readonly Score[]): number {
  const most = Math.max(...scores.map(({ mean }) => Math.abs(mean)));
  return most >= 10 ? 1 : most >= 2 ? 2 : 3;
}

export function arrow({ better }: SiteMeasure): string {
  return better === "higher" ? "more is better" : "less is better";
}

/** Encoders of which several layers were judged, each layer's score with its block, from the first. */
export function layerCurves(scores: readonly Score[]): ReadonlyMap<string, readonly Score[]> {
  const blocks = scores.filter(({ entry, rank }) => rank !== null && entry.encoder?.block !== undefined);
  const block = ({ entry }: Score) => entry.encoder?.block ?? 0;
  const groups = Map.groupBy(blocks, ({ entry }) => entry.encoder!.name);
  return new Map(
    [...groups]
      .filter(([, list]) => list.length > 1)
      .map(([name, list]) => [name, list.sort((a, b) => block(a) - block(b))]),
  );
}
