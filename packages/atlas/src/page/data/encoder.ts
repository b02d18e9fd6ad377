import type { SiteEncoder } from "@optogram/render-atlas/site";
import { once, PageError } from "./load.ts";
import { number, numberOrNull, type Row, readWhole, textOrNull } from "./tables.ts";

/** One row of the features table: what is known of a feature without opening its page. */
export interface Feature {
  readonly feature: number;
  /** Share of the images in which it is active. */
  readonly density: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
  readonly strength: number;
  readonly dead: boolean;
  /** Where it lies on the map's grid; null for a feature that is not on the map. */
  readonly cell: { readonly column: number; readonly row: number } | null;
  readonly region: number | null;
  /** The kind of thing it answers to, as its top images or the ground truth say, or else its name by words. */
  readonly answers: string | null;
  /** Whether that is the text nearest to its direction, because its top images share nothing. */
  readonly byWords: boolean;
  /** Share of its top images that show that kind. */
  readonly share: number | null;
  /** Held-out AUROC for that kind, where this is the kind's best feature. */
  readonly auroc: number | null;
  /** The picture drawn of it; null where its tile shows its top images instead. */
  readonly picture: DrawnPicture | null;
}

export interface DrawnPicture {
  /** `ascent`: optimised through the encoder; `decoder`: painted by the decoder. */
  readonly method: string;
  /** Cosine of the picture with the feature's direction, under fresh crops. */
  readonly cosine: number;
  /** The same of the best real image. */
  readonly imageCosine: number | null;
  /** The feature's place among all that the picture excites, from 1. */
  readonly rank: number | null;
}

export interface Region {
  readonly region: number;
  readonly label: string;
  /** Centre in columns and rows of the grid. */
  readonly column: number;
  readonly row: number;
  readonly features: number;
}

/** An encoder that can be walked through: its features by number, and the map's cells. */
export interface EncoderData {
  readonly encoder: SiteEncoder;
  /** Indexed by feature. */
  readonly features: readonly Feature[];
  readonly living: readonly Feature[];
  /** Feature in each cell, row-major, −1 where a cell is empty. */
  readonly cells: Int32Array;
  readonly regions: readonly Region[];
  /** Kinds that features answer to, with those features, strongest first. */
  readonly kinds: ReadonlyMap<string, readonly Feature[]>;
}

export function loadEncoder(encoder: SiteEncoder): Promise<EncoderData> {
  return once(`encoder ${encoder.folder}`, async () => {
    const { features, regions } = encoder.tables;
    if (!features) throw new PageError(`The atlas holds no features of ${encoder.name}. Render it again.`);
    const [rows, regionRows] = await Promise.all([readWhole(features), regions ? readWhole(regions) : []]);
    return assemble(encoder, rows, regionRows);
  });
}

export function assemble(
  encoder: SiteEncoder,
  rows: readonly Row[],
  regionRows: readonly Row[],
): EncoderData {
  const features: Feature[] = [];
  for (const row of rows) features[number(row, "feature")] = readFeatureRow(row);
  const { columns = 0, rows: gridRows = 0 } = encoder.map ?? {};
  const cells = new Int32Array(columns * gridRows).fill(-1);
  for (const { feature, cell } of features) if (cell) cells[cell.row * columns + cell.column] = feature;
  const living = features.filter((feature) => !feature.dead);
  return {
    encoder,
    features,
    living,
    cells,
    regions: regionRows.map((row) => ({
      region: number(row, "region"),
      label: textOrNull(row, "label") ?? "",
      column: number(row, "column"),
      row: number(row, "row"),
      features: number(row, "features"),
    })),
    kinds: groupKinds(living),
  };
}

function readFeatureRow(row: Row): Feature {
  const column = numberOrNull(row, "column");
  const gridRow = numberOrNull(row, "row");
  return {
    feature: number(row, "feature"),
    density: number(row, "density"),
    mean: number(row, "mean"),
    max: number(row, "max"),
    count: numberOrNull(row, "count") ?? 0,
    strength: numberOrNull(row, "strength") ?? 0,
    dead: row.dead === true,
    cell: column === null || gridRow === null ? null : { column, row: gridRow },
    region: numberOrNull(row, "region"),
    answers: textOrNull(row, "answers"),
    byWords: row.by_words === true,
    share: numberOrNull(row, "share"),
    auroc: numberOrNull(row, "auroc"),
    picture: readPicture(row),
  };
}

function readPicture(row: Row): DrawnPicture | null {
  const method = textOrNull(row, "picture");
  return method === null
    ? null
    : {
        method,
        cosine: number(row, "picture_cosine"),
        imageCosine: numberOrNull(row, "image_cosine"),
        rank: numberOrNull(row, "picture_rank"),
      };
}

function groupKinds(living: readonly Feature[]): Map<string, Feature[]> {
  const kinds = new Map<string, Feature[]>();
  for (const feature of living) {
    if (!feature.answers) continue;
    const group = kinds.get(feature.answers);
    if (group) group.push(feature);
    else kinds.set(feature.answers, [feature]);
  }
  for (const group of kinds.values())
    group.sort((a, b) => (b.auroc ?? 0) - (a.auroc ?? 0) || b.strength - a.strength);
  return new Map([...kinds].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0])));
}
