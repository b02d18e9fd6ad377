import type { SiteEncoder } from "@optogram/render-atlas/site";
import { once } from "./load.ts";
import { number, numberOrNull, type Row, readFeature, readWhole, textOrNull } from "./tables.ts";

export interface TopImage {
  readonly rank: number;
  readonly image: number;
  readonly value: number;
  readonly name: string;
  /** What the picture shows, in words where the data set has any. */
  readonly caption: string;
}

export interface Neighbour {
  readonly feature: number;
  readonly score: number;
  /** Images in which both are active; null for neighbours by direction. */
  readonly count: number | null;
}

export interface Neighbours {
  readonly coactivation: readonly Neighbour[];
  readonly cosine: readonly Neighbour[];
}

export interface Truth {
  readonly kind: string;
  readonly images: number;
  readonly feature: number;
  readonly auroc: number;
  readonly dimension: number;
  readonly dimensionAuroc: number;
}

export function loadTops(encoder: SiteEncoder, feature: number): Promise<readonly TopImage[]> {
  return once(`tops ${encoder.folder} ${feature}`, async () => {
    const rows = encoder.tables.tops ? await readFeature(encoder.tables.tops, feature) : [];
    return byRank(rows).map((row) => ({
      rank: number(row, "rank"),
      image: number(row, "image"),
      value: number(row, "value"),
      name: textOrNull(row, "id") ?? `image ${number(row, "image")}`,
      caption: textOrNull(row, "caption") ?? textOrNull(row, "label") ?? textOrNull(row, "id") ?? "",
    }));
  });
}

export function loadNeighbours(encoder: SiteEncoder, feature: number): Promise<Neighbours> {
  return once(`neighbours ${encoder.folder} ${feature}`, async () => {
    const rows = encoder.tables.neighbours ? await readFeature(encoder.tables.neighbours, feature) : [];
    const related = (relation: string): Neighbour[] =>
      byRank(rows.filter((row) => row.relation === relation)).map((row) => ({
        feature: number(row, "other"),
        score: number(row, "score"),
        count: numberOrNull(row, "count"),
      }));
    return { coactivation: related("coactivation"), cosine: related("cosine") };
  });
}

/** Counts of activations in equal bins from 0 to the feature's largest. */
export function loadHistogram(encoder: SiteEncoder, feature: number): Promise<readonly number[]> {
  return once(`histogram ${encoder.folder} ${feature}`, async () => {
    const rows = encoder.tables.histograms ? await readFeature(encoder.tables.histograms, feature) : [];
    const counts = rows[0]?.histogram;
    return Array.isArray(counts) ? counts.map(Number) : [];
  });
}

export function loadTruth(encoder: SiteEncoder): Promise<readonly Truth[]> {
  return once(`truth ${encoder.folder}`, async () => {
    const rows = encoder.tables.truth ? await readWhole(encoder.tables.truth) : [];
    return rows.map((row) => ({
      kind: textOrNull(row, "kind") ?? "",
      images: number(row, "images"),
      feature: number(row, "feature"),
      auroc: number(row, "auroc"),
      dimension: number(row, "dimension"),
      dimensionAuroc: number(row, "dimension_auroc"),
    }));
  });
}

export function loadHistory(encoder: SiteEncoder): Promise<readonly Row[]> {
  return once(`history ${encoder.folder}`, async () =>
    encoder.tables.history ? readWhole(encoder.tables.history) : [],
  );
}

function byRank(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => number(a, "rank") - number(b, "rank"));
}
