/** Texts and images: what align-text wrote, whose README describes it, and pictures of the images that can be found. */

import {
  type Artifact,
  ArtifactError,
  columnOf,
  readArtifact,
  table,
  texts,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import { type ImageSource, openImages, whatWasSeen } from "@optogram/images";
import { z } from "zod";
import { describeImages } from "./describe.ts";
import { SquarePictures, tileFormat } from "./pictures.ts";
import { provenanceOf } from "./read.ts";
import type { RenderContext } from "./render.ts";
import type { SiteProvenance, SiteTable, SiteWords, SiteWordsAbout } from "./site.ts";
import type { PageTable } from "./tables.ts";

type CopiedName = Exclude<keyof SiteWords["tables"], "images">;
const always = ["texts", "cosines"] as const satisfies readonly CopiedName[];
const sometimes = ["names", "reliability"] as const satisfies readonly CopiedName[];
const files = ["text.onnx", "encoder.onnx", "images.safetensors"] as const;

export interface WordsPart {
  readonly about: z.infer<typeof aboutSchema>;
  readonly page: z.infer<typeof pageSchema>;
  readonly tables: ReadonlyMap<CopiedName, PageTable>;
  readonly files: Readonly<Record<(typeof files)[number], Uint8Array>>;
  readonly images: {
    readonly description: string;
    readonly source: ImageSource;
    /** Position in the source of each image that can be found. */
    readonly image: readonly number[];
    readonly columns: Readonly<Record<"id" | "label" | "caption", readonly (string | null)[]>>;
  };
  readonly provenance: SiteProvenance;
}

const judged = z.object({ ece: z.number(), brier: z.number() });

const aboutSchema = z.object({
  encoder: z.object({ name: z.string(), title: z.string() }),
  text: z.object({ temperature: z.number() }),
  confidence: z.object({
    threshold: z.number(),
    temperature: z.number(),
    slope: z.number(),
    fitted: z.boolean(),
    separable: z.boolean().exactOptional(),
  }),
  fit: z
    .object({
      pairs: z.object({ fitted: z.int(), heldOut: z.int(), matching: z.number() }),
      before: judged,
      after: judged,
    })
    .exactOptional(),
  gap: z
    .object({ distance: z.number(), images: z.number(), texts: z.number(), across: z.number() })
    .exactOptional(),
});

const size = z.int().min(1);
const pageSchema = z.object({
  images: size,
  dimension: size,
  encoder: z.object({ height: size, width: size, resize: z.enum(["cover", "squash"]) }),
  text: z.object({ texts: size, context: size, vocabulary: z.array(z.string()).min(1) }),
});

/**
 * Reads an alignment and, from the features that it was made of, which images there are.
 * @throws ArtifactError where these are not among `features`, or the page has no use for the encoder's texts
 */
export async function readWords(folder: string, features: readonly string[]): Promise<WordsPart> {
  const artifact = await readArtifact(folder, "alignment");
  const about = await artifact.json("alignment.json", aboutSchema);
  if (!artifact.has("page.json"))
    throw new ArtifactError(
      `${folder}: ${about.encoder.name} reads texts with a tokenizer that the page does not have, or takes no single image; leave "alignment" out of the atlas`,
    );
  const page = await artifact.json("page.json", pageSchema);
  const images = await readImages(artifact, features, page.images);
  const names = [...always, ...sometimes.filter((name) => artifact.has(`${name}.parquet`))];
  const tables = await Promise.all(
    names.map(async (name) => [name, await artifact.table(`${name}.parquet`)] as const),
  );
  const bytes = await Promise.all(files.map(async (name) => [name, await artifact.bytes(name)] as const));
  return {
    ...{ about, page, tables: new Map(tables) },
    files: Object.fromEntries(bytes) as WordsPart["files"],
    images,
    provenance: provenanceOf("alignment", artifact),
  };
}

async function readImages(
  artifact: Artifact,
  folders: readonly string[],
  count: number,
): Promise<WordsPart["images"]> {
  const all = await Promise.all(folders.map((folder) => readArtifact(folder, "features")));
  const features = all.find(({ digest }) => digest === artifact.manifest.inputs.features?.digest);
  if (!features)
    throw new ArtifactError(
      `${artifact.folder}: was made of other features than those given; run align-text again`,
    );
  const rows = await features.table("images.parquet");
  const column = (name: string): (string | null)[] =>
    rows.getChild(name) ? toTexts(columnOf(rows, name)).slice(0, count) : new Array(count).fill(null);
  const { images: spec } = whatWasSeen(features);
  return {
    description: describeImages(spec, count),
    source: await openImages(spec),
    image: Array.from(toNumbers(columnOf(rows, "image")), Number).slice(0, count),
    columns: { id: column("id"), label: column("label"), caption: column("caption") },
  };
}

/** Edge of a picture in pixels. */
const pictureSize = 160;

/** Writes networks, embeddings, tables and pictures into `folder`; `name` is unique in the site. */
export async function writeWords(
  { about, page, tables, files, images, provenance }: WordsPart,
  name: string,
  folder: string,
  { writer, progress, signal }: RenderContext,
): Promise<SiteWords> {
  const squares = new SquarePictures(images.source, pictureSize);
  const drawing = progress.phase(`draw the images of ${name}`, images.image.length);
  for (const [i, image] of images.image.entries()) {
    signal.throwIfAborted();
    const picture = await squares.read(image, pictureSize);
    await writer.bytes(`${folder}/pictures/${i}.${tileFormat.extension}`, await tileFormat.encode(picture));
    drawing.advance();
  }
  drawing.done();
  const file = async (path: string, bytes: Uint8Array) => {
    const url = `${folder}/${path}`;
    await writer.bytes(url, bytes);
    return { url, bytes: bytes.length };
  };
  const said: SiteWordsAbout = {
    images: { description: images.description, count: images.image.length },
    pictures: { url: `${folder}/pictures`, extension: tileFormat.extension },
    embeddings: await file("images.safetensors", files["images.safetensors"]),
    dimension: page.dimension,
    text: { ...(await file("text.onnx", files["text.onnx"])), ...page.text },
    encoder: { ...(await file("encoder.onnx", files["encoder.onnx"])), ...page.encoder },
    temperature: about.text.temperature,
    confidence: about.confidence,
    ...(about.fit && { fit: about.fit }),
    ...(about.gap && { gap: about.gap }),
  };
  const write = async (name: string, rows: PageTable): Promise<SiteTable> => {
    const url = `${folder}/${name}.parquet`;
    return { url, bytes: await writer.table(url, rows), rows: rows.numRows };
  };
  const { id, label, caption } = images.columns;
  const written: Partial<Record<keyof SiteWords["tables"], SiteTable>> = {
    images: await write("images", table({ id: texts(id), label: texts(label), caption: texts(caption) })),
  };
  for (const [name, rows] of tables) written[name] = await write(name, rows);
  return {
    ...{ name, title: about.encoder.title },
    about: await file("words.json", new TextEncoder().encode(JSON.stringify(said))),
    tables: written as SiteWords["tables"],
    provenance,
  };
}
