import { bools, type Column, lists, table, texts } from "@optogram/artifacts";
import { combinationTables } from "./combinations.ts";
import {
  type CoactivationPart,
  type EncoderParts,
  type ImagesPart,
  type PicturesPart,
  topImages,
} from "./parts.ts";
import { probeTables } from "./probes.ts";
import { shareShowing } from "./shown.ts";
import type { TableName } from "./site.ts";
import { spreadTables } from "./spread.ts";

export type PageTable = ReturnType<typeof table>;

/** Features whose rows share a row group: what a feature page fetches of a table that a host with ranges holds. */
export const featuresPerGroup = 64;

/** Tables of the page by name; rows of tables read by feature are sorted by it. */
export interface PageTables {
  readonly name: TableName;
  readonly table: PageTable;
  /** Rows a row group; undefined for tables read whole. */
  readonly rowGroupRows?: number;
}

export function pageTables(parts: EncoderParts): PageTables[] {
  const { coactivation, sae, images } = parts;
  const tables: PageTables[] = [{ name: "features", table: featuresTable(parts) }];
  if (coactivation) {
    tables.push(
      { name: "tops", ...topsTable(coactivation, images) },
      { name: "neighbours", ...neighboursTable(coactivation) },
      { name: "histograms", ...histogramsTable(coactivation) },
      { name: "regions", table: regionsTable(coactivation) },
    );
  }
  if (sae.truth) {
    const { dimensionAuroc, kind, images, feature, auroc, dimension } = sae.truth;
    tables.push({
      name: "truth",
      table: table({
        kind: texts(kind),
        images: Uint32Array.from(images),
        feature: Uint32Array.from(feature),
        auroc: Float32Array.from(auroc),
        dimension: Uint32Array.from(dimension),
        dimension_auroc: Float32Array.from(dimensionAuroc),
      }),
    });
  }
  if (sae.history) {
    const columns = Object.entries(sae.history).map(
      ([name, values]) => [name, Float64Array.from(values)] as const,
    );
    tables.push({ name: "history", table: table(Object.fromEntries(columns)) });
  }
  if (parts.combinations) tables.push(...combinationTables(parts.combinations));
  if (parts.spread) tables.push(...spreadTables(parts.spread, images));
  if (parts.probes) tables.push(...probeTables(parts.probes));
  return tables;
}

/** One row a feature of the dictionary. Where a number is missing: −1 in whole numbers, NaN in others. */
function featuresTable({ sae, coactivation, images, pictures }: EncoderParts): PageTable {
  const latents = sae.dead.length;
  const [column, row, region] = [0, 0, 0].map(() => new Int16Array(latents).fill(-1)) as [
    Int16Array,
    Int16Array,
    Int16Array,
  ];
  const strength = new Float32Array(latents);
  const count = new Uint32Array(latents);
  const answers: (string | null)[] = new Array(latents).fill(null);
  const byWords: boolean[] = new Array(latents).fill(false);
  const share = new Float32Array(latents).fill(Number.NaN);
  const auroc = new Float32Array(latents).fill(Number.NaN);
  if (coactivation) {
    for (let i = 0; i < coactivation.feature.length; i++) {
      const feature = coactivation.feature[i]!;
      column[feature] = coactivation.column[i]!;
      row[feature] = coactivation.row[i]!;
      region[feature] = coactivation.region[i]!;
      strength[feature] = coactivation.strength[i]!;
      count[feature] = coactivation.count[i]!;
      answers[feature] = coactivation.label[i] ?? null;
      byWords[feature] = coactivation.byWords[i]!;
    }
    const tops = topImages(coactivation);
    judge(sae.truth, tops, images, { answers, byWords, auroc });
    for (const [feature, top] of tops) {
      const kind = answers[feature];
      if (kind && !byWords[feature]) share[feature] = shareShowing(images.shown, top, kind);
    }
  }
  return table({
    feature: Uint32Array.from({ length: latents }, (_, i) => i),
    density: Float32Array.from(sae.density),
    mean: Float32Array.from(sae.mean),
    max: Float32Array.from(sae.max),
    dead: bools(sae.dead),
    count,
    strength,
    column,
    row,
    region,
    answers: texts(answers),
    by_words: bools(byWords),
    share,
    auroc,
    ...(pictures && pictureColumns(pictures, latents)),
  });
}

function pictureColumns({ feature, method, cosine, imageCosine, rank }: PicturesPart, latents: number) {
  const columns = {
    picture: new Array<string | null>(latents).fill(null),
    picture_cosine: new Float32Array(latents).fill(Number.NaN),
    image_cosine: new Float32Array(latents).fill(Number.NaN),
    picture_rank: new Int32Array(latents).fill(-1),
  };
  for (let i = 0; i < feature.length; i++) {
    columns.picture[feature[i]!] = method[i] ?? null;
    columns.picture_cosine[feature[i]!] = cosine[i]!;
    columns.image_cosine[feature[i]!] = imageCosine[i]!;
    columns.picture_rank[feature[i]!] = rank[i]!;
  }
  return { ...columns, picture: texts(columns.picture) };
}

/**
 * Where the ground truth chose a feature as a kind's best and most of its top images show the kind, that is what it
 * answers to. The best of many poor ones need not show it at all, and keeps the name that its top images give it.
 */
function judge(
  truth: EncoderParts["sae"]["truth"],
  tops: ReadonlyMap<number, readonly number[]>,
  images: ImagesPart,
  { answers, byWords, auroc }: { answers: (string | null)[]; byWords: boolean[]; auroc: Float32Array },
): void {
  for (let i = 0; truth && i < truth.kind.length; i++) {
    const [feature, kind] = [truth.feature[i]!, truth.kind[i]!];
    const top = tops.get(feature);
    if (!top || auroc[feature]! >= truth.auroc[i]!) continue;
    if (shareShowing(images.shown, top, kind) < leastShare) continue;
    auroc[feature] = truth.auroc[i]!;
    answers[feature] = kind;
    byWords[feature] = false;
  }
}

const leastShare = 0.5;

function topsTable({ tops }: CoactivationPart, images: ImagesPart) {
  const position = new Map(Array.from(images.image, (image, i) => [image, i] as const));
  const order = sorted(tops.feature, tops.rank);
  const known = (texts: readonly (string | null)[]) =>
    order.map((i) => texts[position.get(tops.image[i]!) ?? -1] ?? null);
  return grouped(
    {
      feature: Uint32Array.from(order, (i) => tops.feature[i]!),
      rank: Uint16Array.from(order, (i) => tops.rank[i]!),
      image: Uint32Array.from(order, (i) => tops.image[i]!),
      value: Float32Array.from(order, (i) => tops.value[i]!),
      id: texts(known(images.id)),
      label: texts(known(images.label)),
      caption: texts(known(images.caption)),
    },
    tops.feature,
  );
}

function neighboursTable({ neighbours }: CoactivationPart) {
  const order = sorted(neighbours.feature, neighbours.rank);
  return grouped(
    {
      feature: Uint32Array.from(order, (i) => neighbours.feature[i]!),
      relation: texts(order.map((i) => neighbours.relation[i] ?? null)),
      rank: Uint16Array.from(order, (i) => neighbours.rank[i]!),
      other: Uint32Array.from(order, (i) => neighbours.other[i]!),
      score: Float32Array.from(order, (i) => neighbours.score[i]!),
      count: Uint32Array.from(order, (i) => neighbours.count[i]!),
    },
    neighbours.feature,
  );
}

function histogramsTable({ feature, histogram }: CoactivationPart) {
  const order = sorted(feature, feature);
  const offsets = new Int32Array(order.length + 1);
  const items: number[] = [];
  for (const [row, i] of order.entries()) {
    items.push(...Array.from(histogram[i]!));
    offsets[row + 1] = items.length;
  }
  return grouped(
    {
      feature: Uint32Array.from(order, (i) => feature[i]!),
      histogram: lists(offsets, Uint32Array.from(items)),
    },
    feature,
  );
}

/** Regions with their middle on the grid: the median of their features' cells, so that it lies among them. */
function regionsTable({ regions, region, column, row }: CoactivationPart): PageTable {
  const members = new Map<number, number[]>();
  for (let i = 0; i < region.length; i++) {
    const list = members.get(region[i]!);
    if (list) list.push(i);
    else members.set(region[i]!, [i]);
  }
  const numbers = Array.from(regions.region);
  const middle = (cells: ArrayLike<number>) =>
    Float32Array.from(numbers, (number) => median((members.get(number) ?? []).map((i) => cells[i]! + 0.5)));
  return table({
    region: Uint32Array.from(numbers),
    label: texts(regions.label),
    column: middle(column),
    row: middle(row),
    features: Uint32Array.from(numbers, (number) => members.get(number)?.length ?? 0),
  });
}

function median(values: number[]): number {
  const ordered = values.sort((a, b) => a - b);
  return ordered.length === 0 ? 0 : (ordered[(ordered.length - 1) >> 1]! + ordered[ordered.length >> 1]!) / 2;
}

function sorted(first: ArrayLike<number>, second: ArrayLike<number>): number[] {
  return Array.from({ length: first.length }, (_, i) => i).sort(
    (a, b) => first[a]! - first[b]! || second[a]! - second[b]! || a - b,
  );
}

function grouped(columns: Readonly<Record<string, Column>>, feature: ArrayLike<number>) {
  const features = new Set(Array.from(feature)).size;
  const rows = Math.ceil(feature.length / Math.max(1, features)) * featuresPerGroup;
  return { table: table(columns), rowGroupRows: Math.max(1, rows) };
}
