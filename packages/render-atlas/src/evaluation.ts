/** Encoders ranked by what their tokens keep: the tables and the pictures of evaluate-encoders, whose README describes them. */

import { ArtifactError, readArtifact } from "@optogram/artifacts";
import { z } from "zod";
import { provenanceOf } from "./read.ts";
import type { SiteWriter } from "./render.ts";
import type { SiteEvaluation, SiteProvenance } from "./site.ts";
import type { PageTable } from "./tables.ts";

export interface EvaluationPart {
  readonly about: z.infer<typeof aboutSchema>;
  readonly ranking: PageTable;
  readonly comparisons: PageTable;
  readonly families?: PageTable;
  /** A WebP file. */
  readonly pictures: Uint8Array;
  readonly provenance: SiteProvenance;
}

const size = z.tuple([z.int(), z.int()]);

const aboutSchema = z.object({
  grey: z.boolean(),
  images: z.array(z.object({ position: z.int(), id: z.string() })),
  judges: z.array(z.object({ name: z.string(), title: z.string(), compared: z.boolean() })),
  measures: z
    .array(
      z.object({
        key: z.string(),
        title: z.string(),
        better: z.enum(["higher", "lower"]),
        judge: z.string().exactOptional(),
      }),
    )
    .min(1),
  entries: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(["encoder", "random-weights", "shuffled-tokens", "mean-image", "pixels"]),
      encoder: z
        .object({
          name: z.string(),
          title: z.string(),
          objective: z.string().exactOptional(),
          layer: z.string(),
          block: z.int().exactOptional(),
          tokens: z.int(),
          width: z.int(),
          input: size,
        })
        .exactOptional(),
    }),
  ),
  pictures: z.object({
    side: z.int().min(1),
    gap: z.int().min(0),
    columns: z.array(z.int()),
    rows: z.array(z.string()).min(1),
  }),
});

export async function readEvaluation(folder: string): Promise<EvaluationPart> {
  const artifact = await readArtifact(folder, "evaluation");
  const about = await artifact.json("evaluation.json", aboutSchema);
  const known = new Set(["original", ...about.entries.map(({ id }) => id)]);
  const strange = about.pictures.rows.find((row) => !known.has(row));
  if (strange !== undefined)
    throw new ArtifactError(
      `${folder}: pictures are of ${strange}, which is no entry; run evaluate-encoders again`,
    );
  return {
    about,
    ranking: await artifact.table("ranking.parquet"),
    comparisons: await artifact.table("comparisons.parquet"),
    ...("families.parquet" in artifact.manifest.files && {
      families: await artifact.table("families.parquet"),
    }),
    pictures: await artifact.bytes("pictures.webp"),
    provenance: provenanceOf("evaluation", artifact),
  };
}

export async function writeEvaluation(
  { about, ranking, comparisons, families, pictures, provenance }: EvaluationPart,
  writer: SiteWriter,
): Promise<SiteEvaluation> {
  const write = async (name: string, rows: PageTable) => {
    const url = `encoders/${name}.parquet`;
    return { url, bytes: await writer.table(url, rows), rows: rows.numRows };
  };
  const url = "encoders/pictures.webp";
  await writer.bytes(url, pictures);
  const names = new Map(about.images.map(({ position, id }) => [position, id]));
  const { grey, judges, measures, entries } = about;
  return {
    ...{ images: about.images.length, grey, judges, measures, entries },
    pictures: {
      ...{ url, bytes: pictures.length, side: about.pictures.side, gap: about.pictures.gap },
      columns: about.pictures.columns.map((position) => names.get(position) ?? `image ${position}`),
      rows: about.pictures.rows,
    },
    ranking: await write("ranking", ranking),
    comparisons: await write("comparisons", comparisons),
    ...(families && { families: await write("families", families) }),
    provenance,
  };
}
