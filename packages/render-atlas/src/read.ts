import {
  type Artifact,
  ArtifactError,
  columnOf,
  fieldOfStruct,
  readArtifact,
  toBinaries,
  toBools,
  toFloats,
  toLists,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import { type ImageSourceSpec, openImages, whatWasSeen } from "@optogram/images";
import { z } from "zod";
import { readCombinations } from "./combinations.ts";
import { describeImages } from "./describe.ts";
import type {
  CoactivationPart,
  EncoderParts,
  HistoryPart,
  ImagesPart,
  LivePart,
  PicturesPart,
  SaePart,
} from "./parts.ts";
import { readProbes } from "./probes.ts";
import { whatIsShown } from "./shown.ts";
import type { SiteProvenance } from "./site.ts";
import { readSpread } from "./spread.ts";

type Table = Awaited<ReturnType<Artifact["table"]>>;

/** An encoder's artifacts, found to belong together by the digests in their manifests. */
export interface EncoderArtifacts {
  readonly features: Artifact;
  readonly sae: Artifact;
  readonly coactivation?: Artifact;
  readonly decoder?: Artifact;
  readonly pictures?: Artifact;
  readonly probes?: Artifact;
  readonly combinations?: Artifact;
  readonly spread?: Artifact;
}

/** Roles of what is made of one dictionary. */
const ofDictionary = ["coactivation", "decoder", "pictures", "probes", "combinations", "spread"] as const;

/**
 * Joins the artifacts of one encoder: an SAE names the digest of the features it was trained on, a map, a decoder,
 * pictures and probes that of their SAE.
 * Encoders come in the order of their features; features without an SAE are left out.
 * @throws ArtifactError where an SAE, or what was made of one, was made of artifacts that are not there
 */
export async function readEncoders(
  folders: Readonly<Partial<Record<keyof EncoderArtifacts, readonly string[]>>>,
): Promise<EncoderArtifacts[]> {
  const read = (kind: keyof EncoderArtifacts) =>
    Promise.all((folders[kind] ?? []).map((folder) => readArtifact(folder, kind)));
  const [features, saes] = await Promise.all([read("features"), read("sae")]);
  const made = await Promise.all(ofDictionary.map(async (role) => [role, await read(role)] as const));
  const encoders: EncoderArtifacts[] = features.flatMap((artifact) =>
    saes
      .filter((sae) => isFrom(sae, "features", artifact))
      .map((sae) => {
        const own = made.flatMap(([role, artifacts]) => {
          const found = artifacts.find((one) => isFrom(one, "sae", sae));
          return found ? [[role, found] as const] : [];
        });
        return { features: artifact, sae, ...Object.fromEntries(own) };
      }),
  );
  for (const sae of saes) {
    if (encoders.every((encoder) => encoder.sae !== sae)) throw orphan(sae, "features");
  }
  for (const [role, artifacts] of made) {
    for (const one of artifacts) {
      if (encoders.every((encoder) => encoder[role] !== one)) throw orphan(one, "sae");
    }
  }
  if (encoders.length === 0)
    throw new ArtifactError("there is no encoder with both features and an SAE; run train-sae first");
  return encoders;
}

function isFrom(artifact: Artifact, role: string, source: Artifact): boolean {
  return artifact.manifest.inputs[role]?.digest === source.digest;
}

function orphan(artifact: Artifact, role: string): ArtifactError {
  return new ArtifactError(
    `${artifact.folder}: was made of other ${role} than those given; run ${artifact.manifest.stage} again`,
  );
}

/** Reads all that the atlas shows of an encoder. */
export async function readParts(artifacts: EncoderArtifacts): Promise<EncoderParts> {
  const { features, sae, coactivation, decoder, pictures, probes, combinations, spread } = artifacts;
  const { images: spec, encoder } = whatWasSeen(features);
  const { tensors } = await sae.tensors("sae.safetensors");
  const dimensions = tensors.b_dec?.shape[0];
  if (!dimensions) throw unlike(sae, "sae.safetensors holds no b_dec");
  return {
    name: lastPart(encoder),
    dimensions,
    images: await readImages(features, spec),
    sae: await readSae(sae),
    ...(coactivation && { coactivation: await readCoactivation(coactivation) }),
    ...(decoder && { live: await readLive(decoder, sae) }),
    ...(pictures && { pictures: await readPictures(pictures) }),
    ...(combinations && { combinations: await readCombinations(combinations) }),
    ...(spread && { spread: await readSpread(spread) }),
    ...(probes && { probes: await readProbes(probes) }),
    metrics: Object.fromEntries(
      Object.entries(artifacts).map(([role, { manifest }]) => [role, manifest.metrics]),
    ),
    provenance: Object.entries(artifacts).map(([role, artifact]) => provenanceOf(role, artifact)),
  };
}

function unlike(artifact: Artifact, what: string): ArtifactError {
  return new ArtifactError(`${artifact.folder}: ${what}; run ${artifact.manifest.stage} again`);
}

async function readImages(artifact: Artifact, spec: ImageSourceSpec): Promise<ImagesPart> {
  const table = await artifact.table("images.parquet");
  const image = numbersOf(table, "image");
  const optional = (name: string): (string | null)[] =>
    table.getChild(name) ? toTexts(columnOf(table, name)) : new Array(image.length).fill(null);
  const [label, caption] = [optional("label"), optional("caption")];
  const source = await openImages(spec);
  for (const index of image) {
    if (index >= source.length) {
      throw unlike(artifact, `it names image ${index}, but ${source.name} has ${source.length} now`);
    }
  }
  return {
    description: describeImages(spec, image.length),
    source,
    image,
    id: toTexts(columnOf(table, "id")),
    label,
    caption,
    shown: whatIsShown({ image, label, caption, truth: readTruth(table) }),
  };
}

function readTruth(table: Table) {
  if (!table.getChild("truth")) return undefined;
  const { offsets, items } = toLists(columnOf(table, "truth"));
  // Where no image shows a thing, the items have no fields.
  if (items.length === 0) return undefined;
  return {
    offsets,
    kind: toTexts(fieldOfStruct(items, "kind")),
    coverage: toFloats(fieldOfStruct(items, "coverage")),
  };
}

async function readSae(artifact: Artifact): Promise<SaePart> {
  const table = await artifact.table("features.parquet");
  const feature = numbersOf(table, "feature");
  if (feature.some((number, i) => number !== i))
    throw unlike(artifact, "features.parquet is not in the order of its features");
  const part = {
    density: numbersOf(table, "density"),
    mean: numbersOf(table, "mean"),
    max: numbersOf(table, "max"),
    dead: toBools(columnOf(table, "dead")),
  };
  const truth = artifact.has("truth.parquet") ? await artifact.table("truth.parquet") : undefined;
  const history = artifact.has("history.parquet") ? await artifact.table("history.parquet") : undefined;
  return {
    ...part,
    ...(truth && {
      truth: {
        kind: toTexts(columnOf(truth, "kind")).map((kind) => kind ?? ""),
        images: numbersOf(truth, "images"),
        feature: numbersOf(truth, "feature"),
        auroc: numbersOf(truth, "auroc"),
        dimension: numbersOf(truth, "dimension"),
        dimensionAuroc: numbersOf(truth, "dimension_auroc"),
      },
    }),
    ...(history && { history: readHistory(history) }),
  };
}

function readHistory(table: Table): HistoryPart {
  const names = table.schema.fields.map(({ name }) => name);
  return Object.fromEntries(
    names.map((name) => [
      name,
      Array.from(columnOf(table, name), (value) => (value === null ? Number.NaN : Number(value))),
    ]),
  );
}

async function readCoactivation(artifact: Artifact): Promise<CoactivationPart> {
  const [map, tops, neighbours, regions] = (await Promise.all(
    ["map", "tops", "neighbours", "regions"].map((name) => artifact.table(`${name}.parquet`)),
  )) as [Table, Table, Table, Table];
  const { offsets, items } = toLists(columnOf(map, "histogram"));
  const counts = items.length > 0 ? (toNumbers(items) as Uint32Array) : new Uint32Array();
  const feature = numbersOf(map, "feature");
  return {
    feature,
    column: numbersOf(map, "column"),
    row: numbersOf(map, "row"),
    strength: numbersOf(map, "strength"),
    count: numbersOf(map, "count"),
    region: numbersOf(map, "region"),
    label: map.getChild("label") ? toTexts(columnOf(map, "label")) : new Array(feature.length).fill(null),
    byWords: Array.from(columnOf(map, "by_words"), Boolean),
    histogram: feature.map((_, i) => Array.from(counts.subarray(offsets[i], offsets[i + 1]))),
    regions: { region: numbersOf(regions, "region"), label: toTexts(columnOf(regions, "label")) },
    tops: {
      feature: numbersOf(tops, "feature"),
      rank: numbersOf(tops, "rank"),
      image: numbersOf(tops, "image"),
      value: numbersOf(tops, "value"),
    },
    neighbours: {
      feature: numbersOf(neighbours, "feature"),
      relation: toTexts(columnOf(neighbours, "relation")),
      rank: numbersOf(neighbours, "rank"),
      other: numbersOf(neighbours, "other"),
      score: numbersOf(neighbours, "score"),
      count: Array.from(columnOf(neighbours, "count"), (value) => Number(value ?? 0)),
    },
  };
}

const liveSchema = z.object({
  encoder: z.object({ height: z.int(), width: z.int(), resize: z.enum(["cover", "squash"]) }),
  dictionary: z.object({ active: z.int().min(1) }),
  decoder: z.object({ size: z.int() }),
});

async function readLive(artifact: Artifact, sae: Artifact): Promise<LivePart> {
  const live = await artifact.json("live.json", liveSchema);
  return {
    encoder: { ...live.encoder, file: await artifact.bytes("encoder.onnx") },
    sae: { ...live.dictionary, file: await sae.bytes("sae.safetensors") },
    decoder: { ...live.decoder, file: await artifact.bytes("decoder.onnx") },
  };
}

async function readPictures(artifact: Artifact): Promise<PicturesPart> {
  const table = await artifact.table("pictures.parquet");
  return {
    feature: numbersOf(table, "feature"),
    picture: toBinaries(columnOf(table, "picture")),
    method: toTexts(columnOf(table, "method")),
    cosine: numbersOf(table, "cosine"),
    imageCosine: numbersOf(table, "image_cosine"),
    rank: numbersOf(table, "rank"),
  };
}

function numbersOf(table: Table, name: string): number[] {
  return Array.from(toNumbers(columnOf(table, name)), Number);
}

export function provenanceOf(role: string, { manifest, digest }: Artifact): SiteProvenance {
  return {
    role,
    kind: manifest.kind,
    stage: manifest.stage,
    digest,
    device: manifest.device,
    parameters: withoutPaths(manifest.parameters),
    inputs: manifest.inputs,
    versions: manifest.versions,
  };
}

/** Parameters with paths cut to their last part: an atlas may be published, and whose folders they were is nobody's business. */
function withoutPaths(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPaths);
  if (typeof value === "string") return isAbsolute(value) ? lastPart(value) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "path" && typeof inner === "string" ? lastPart(inner) : withoutPaths(inner),
    ]),
  );
}

function isAbsolute(path: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/]|~)/.test(path);
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
