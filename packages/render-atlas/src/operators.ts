/** Changes of pictures as maps of tokens: what the page needs of fit-operators' tables, and its sheets. */

import {
  type Artifact,
  ArtifactError,
  columnOf,
  readArtifact,
  table,
  texts,
  toFloats,
  toTexts,
} from "@optogram/artifacts";
import { bootstrapMean } from "@optogram/statistics";
import sharp from "sharp";
import { z } from "zod";
import { provenanceOf } from "./read.ts";
import type { SiteWriter } from "./render.ts";
import type { SiteGrid, SiteOperators, SiteProvenance } from "./site.ts";
import type { PageTable } from "./tables.ts";

export interface OperatorsPart {
  /** Name on the card. */
  readonly encoder: string;
  readonly layer: string;
  /** Images that were judged. */
  readonly images: number;
  readonly changes: readonly { readonly name: string; readonly sheet: GridPart }[];
  readonly operators: readonly string[];
  readonly channels: GridPart;
  /** By `SiteOperators.tables`' names, with the position of a change in place of its name. */
  readonly tables: Readonly<Record<keyof SiteOperators["tables"], PageTable>>;
  readonly provenance: SiteProvenance;
}

type GridPart = Omit<SiteGrid, "url" | "bytes"> & { readonly file: Uint8Array };

/** Also the name of a file. */
const nameSchema = z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/);

const gridSchema = z.object({ columns: z.int().min(1), rows: z.array(z.string()).min(1) });

const aboutSchema = z.object({
  encoder: z.string(),
  layer: z.string(),
  images: z.int().min(1),
  changes: z.array(nameSchema).min(1),
  operators: z.array(z.string()).min(1),
  size: z.tuple([z.int().min(1), z.int().min(1)]),
  gap: z.int().min(0),
  sheets: gridSchema,
  channels: gridSchema,
});

export async function readOperators(folder: string): Promise<OperatorsPart> {
  const artifact = await readArtifact(folder, "operators");
  const { size, gap, sheets, ...about } = await artifact.json("operators.json", aboutSchema);
  const grid = async (name: string, shape: z.infer<typeof gridSchema>): Promise<GridPart> => {
    const file = await artifact.bytes(`${name}.webp`);
    const [width, height] = [
      shape.columns * (size[1] + gap) - gap,
      shape.rows.length * (size[0] + gap) - gap,
    ];
    const found = await sharp(file).metadata();
    if (found.width !== width || found.height !== height)
      throw unlike(
        artifact,
        `${name}.webp is ${found.width} × ${found.height} pixels, not ${width} × ${height}`,
      );
    return { file, width, height, gap, ...shape };
  };
  return {
    ...{ encoder: about.encoder, layer: about.layer, images: about.images, operators: about.operators },
    changes: await Promise.all(
      about.changes.map(async (name) => ({ name, sheet: await grid(`sheet-${name}`, sheets) })),
    ),
    channels: await grid("channels", about.channels),
    tables: {
      maps: numbered(await artifact.table("operators.parquet"), about.changes, mapColumns),
      means: meansTable(
        await artifact.table("scores.parquet"),
        await artifact.table("distances.parquet"),
        about.changes,
      ),
      eigenvalues: numbered(await artifact.table("eigenvalues.parquet"), about.changes, eigenvalueColumns),
    },
    provenance: provenanceOf("operators", artifact),
  };
}

function unlike({ folder, manifest }: Artifact, what: string): ArtifactError {
  return new ArtifactError(`${folder}: ${what}; run ${manifest.stage} again`);
}

/** All but the maps themselves, which are large. */
const mapColumns = [
  ...["operator", "error", "unseen_error", "orthogonality", "self_adjointness"],
  ...["near_one", "near_minus_one", "inside", "theory", "as_predicted"],
];
const eigenvalueColumns = ["operator", "real", "imaginary"];

function numbered(from: PageTable, changes: readonly string[], columns: readonly string[]): PageTable {
  const position = new Map<string | null, number>(changes.map((name, i) => [name, i]));
  const change = toTexts(columnOf(from, "change")).map((name) => position.get(name) ?? changes.length);
  return table({
    change: Uint16Array.from(change),
    ...Object.fromEntries(columns.map((name) => [name, columnOf(from, name)])),
  });
}

/**
 * A row a change and operator, R(Q f(x)) against T(x), and a row a change and distance: means over the images, that of
 * ΔE with its 95 % bootstrap interval.
 */
function meansTable(scores: PageTable, distances: PageTable, changes: readonly string[]): PageTable {
  const read = (from: PageTable, what: string, kept: (row: number) => boolean) => {
    const [change, name] = ["change", what].map((column) => toTexts(columnOf(from, column)));
    const deltaE = toFloats(columnOf(from, "delta_e"));
    return Array.from(deltaE, (value, i) => ({ change: change![i], what: name![i] ?? "", value, i })).filter(
      ({ i }) => kept(i),
    );
  };
  const against = toTexts(columnOf(scores, "against"));
  const all = [
    ...read(scores, "operator", (row) => against[row] === "changed"),
    ...read(distances, "distance", () => true),
  ];
  const groups = changes.flatMap((name, change) =>
    [
      ...Map.groupBy(
        all.filter((row) => row.change === name),
        ({ what }) => what,
      ),
    ].map(([what, rows]) => ({
      ...{ change, what, n: rows.length },
      ...bootstrapMean(
        rows.map(({ value }) => [value]),
        { seed: 1 },
      ),
    })),
  );
  return table({
    change: Uint16Array.from(groups, ({ change }) => change),
    what: texts(groups.map(({ what }) => what)),
    n: Uint32Array.from(groups, ({ n }) => n),
    delta_e: Float32Array.from(groups, ({ mean }) => mean),
    low: Float32Array.from(groups, ({ low }) => low),
    high: Float32Array.from(groups, ({ high }) => high),
  });
}

/** Writes sheets and tables into `folder`. */
export async function writeOperators(
  { changes, channels, tables, ...part }: OperatorsPart,
  folder: string,
  writer: SiteWriter,
): Promise<SiteOperators> {
  const grid = async (name: string, { file, ...shape }: GridPart): Promise<SiteGrid> => {
    const url = `${folder}/${name}.webp`;
    await writer.bytes(url, file);
    return { url, bytes: file.length, ...shape };
  };
  const write = async (name: keyof typeof tables, rowGroupRows?: number) => {
    const url = `${folder}/${name}.parquet`;
    return { url, bytes: await writer.table(url, tables[name], rowGroupRows), rows: tables[name].numRows };
  };
  const sheets: SiteOperators["changes"][number][] = [];
  for (const { name, sheet } of changes) sheets.push({ name, sheet: await grid(`sheet-${name}`, sheet) });
  return {
    ...part,
    changes: sheets,
    channels: await grid("channels", channels),
    tables: {
      maps: await write("maps"),
      means: await write("means"),
      // A row group a change: what is fetched for one.
      eigenvalues: await write("eigenvalues", Math.ceil(tables.eigenvalues.numRows / changes.length)),
    },
  };
}
