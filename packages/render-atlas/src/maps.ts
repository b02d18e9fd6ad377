/** Feature maps: what analyze-feature-maps wrote, whose README describes it, as far as the page needs it. */

import { ArtifactError, readArtifact } from "@optogram/artifacts";
import { z } from "zod";
import { provenanceOf } from "./read.ts";
import type { SiteWriter } from "./render.ts";
import type { SiteMaps, SiteMapsAbout, SiteProvenance } from "./site.ts";
import type { PageTable } from "./tables.ts";

type TableName = keyof SiteMaps["tables"];
const tableNames: readonly TableName[] = ["maps", "statistics", "histograms", "curves"];

export interface MapsPart {
  readonly about: z.infer<typeof aboutSchema>;
  readonly tables: Readonly<Record<TableName, PageTable>>;
  /** WebP files in the order of the shown images. */
  readonly pictures: readonly Uint8Array[];
  readonly provenance: SiteProvenance;
}

const size = z.tuple([z.int().min(1), z.int().min(1)]);
const numbers = z.array(z.number());
const interval = z.object({ mean: z.number(), low: z.number(), high: z.number() });
const best = z.object({ threshold: z.number(), mean: z.number() });

const layerSchema = z.object({
  name: z.string(),
  grid: size,
  width: z.int().min(1),
  channels: z.array(z.int()),
  tokens: z.int(),
  ratio: numbers.min(1),
  deviation: z.number(),
  low: numbers,
  step: numbers,
  threshold: z.number(),
  masked: z.object({ share: z.number(), ratio: numbers }),
  iou: z
    .object({
      component: interval,
      colour: interval,
      grid: interval,
      frame: interval,
      n: z.int(),
      best: z.object({ component: best, colour: best }),
    })
    .exactOptional(),
  roughness: interval.exactOptional(),
  answers: z.array(
    z.object({
      component: z.int(),
      etaSquared: z.number(),
      kind: z.string(),
      correlation: z.number(),
      n: z.int(),
    }),
  ),
});

const aboutSchema = z.object({
  encoder: z.object({
    name: z.string(),
    title: z.string(),
    objective: z.string().exactOptional(),
    isRandom: z.boolean(),
  }),
  input: size,
  images: z.int().min(1),
  shown: z
    .array(
      z.object({
        id: z.string(),
        label: z.string().exactOptional(),
        caption: z.string().exactOptional(),
        picture: z.string(),
      }),
    )
    .min(1),
  thresholdRule: z.enum(["otsu", "given"]),
  outlierDeviations: z.number(),
  layers: z.array(layerSchema).min(1),
});

export async function readMaps(folder: string): Promise<MapsPart> {
  const artifact = await readArtifact(folder, "feature-maps");
  const about = await artifact.json("feature-maps.json", aboutSchema);
  const tables = await Promise.all(
    tableNames.map(async (name) => [name, await artifact.table(`${name}.parquet`)] as const),
  );
  const { maps } = Object.fromEntries(tables) as Record<TableName, PageTable>;
  if (maps.numRows !== about.layers.length * about.shown.length)
    throw new ArtifactError(
      `${folder}: maps.parquet has ${maps.numRows} rows, not one a layer and shown image; run analyze-feature-maps again`,
    );
  return {
    about,
    tables: Object.fromEntries(tables) as Record<TableName, PageTable>,
    pictures: await Promise.all(about.shown.map(({ picture }) => artifact.bytes(picture))),
    provenance: provenanceOf("maps", artifact),
  };
}

/** Writes tables, pictures and what is said of them into `folder`; `name` is unique in the site. */
export async function writeMaps(
  { about, tables, pictures, provenance }: MapsPart,
  name: string,
  folder: string,
  writer: SiteWriter,
): Promise<SiteMaps> {
  const shown: SiteMapsAbout["shown"][number][] = [];
  for (const [i, { id, label, caption }] of about.shown.entries()) {
    const picture = `${folder}/pictures/${i}.webp`;
    await writer.bytes(picture, pictures[i]!);
    shown.push({
      id,
      picture,
      ...(label !== undefined && { label }),
      ...(caption !== undefined && { caption }),
    });
  }
  const said: SiteMapsAbout = { ...about, shown };
  const bytes = new TextEncoder().encode(JSON.stringify(said));
  await writer.bytes(`${folder}/maps.json`, bytes);
  const write = async (table: TableName, rowGroupRows?: number) => {
    const url = `${folder}/${table}.parquet`;
    const rows = tables[table];
    return { url, bytes: await writer.table(url, rows, rowGroupRows), rows: rows.numRows };
  };
  return {
    ...{ name, title: about.encoder.title },
    about: { url: `${folder}/maps.json`, bytes: bytes.length },
    tables: {
      // A row group a layer: what is fetched for one.
      maps: await write("maps", about.shown.length),
      statistics: await write("statistics"),
      histograms: await write("histograms"),
      curves: await write("curves"),
    },
    provenance,
  };
}
