/** The tables of the stage: embeddings with what is known of their images in, features and codes out. */

import {
  type Artifact,
  codes as codesColumn,
  columnOf,
  fieldOfStruct,
  table,
  toFloats,
  toLists,
  toTexts,
  toVectors,
} from "@optogram/artifacts";
import { UserError } from "@optogram/cli";
import type { CodedCorpus } from "./code.ts";
import type { KindVerdict, Truth } from "./judge.ts";
import type { Rows } from "./rows.ts";

export interface Corpus {
  readonly images: Uint32Array;
  readonly rows: Rows;
  readonly labels: readonly (string | undefined)[];
  /** Absent where the images do not know what they show. */
  readonly truths?: readonly Truth[];
}

/** Reads a "features" artifact; embeddings must be finite. */
export async function readCorpus(artifact: Artifact): Promise<Corpus> {
  const embeddings = await artifact.table("embeddings.parquet");
  const { values, width } = toVectors(columnOf(embeddings, "embedding"));
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0)
    throw new UserError(`row ${Math.floor(broken / width)} of embeddings.parquet holds ${values[broken]}`, {
      where: artifact.folder,
      advice: "run extract-features again",
    });
  const images = await artifact.table("images.parquet");
  const names = images.schema.fields.map((field) => field.name);
  const labels = names.includes("label")
    ? toTexts(columnOf(images, "label")).map((label) => label ?? undefined)
    : Array<undefined>(images.numRows).fill(undefined);
  return {
    images: Uint32Array.from(columnOf(embeddings, "image")),
    rows: { data: values, d: width },
    labels,
    ...(names.includes("truth") && { truths: readTruths(columnOf(images, "truth")) }),
  };
}

function readTruths(column: ReturnType<typeof columnOf>): Truth[] {
  const { offsets, items } = toLists(column);
  if (items.length === 0) return Array.from({ length: column.length }, () => []);
  const kinds = toTexts(fieldOfStruct(items, "kind"));
  const coverage = toFloats(fieldOfStruct(items, "coverage"));
  return Array.from({ length: column.length }, (_, i) =>
    Array.from({ length: offsets[i + 1] - offsets[i] }, (_, j) => ({
      kind: kinds[offsets[i] + j] ?? "",
      coverage: coverage[offsets[i] + j],
    })),
  );
}

export function featureTable({ features }: CodedCorpus, images: number) {
  return table({
    feature: Uint32Array.from(features.count.keys()),
    density: Float32Array.from(features.count, (count) => count / images),
    mean: features.mean,
    max: features.max,
    dead: Array.from(features.count, (count) => count === 0),
  });
}

export function codeTable({ codes }: CodedCorpus, images: Uint32Array) {
  const small = codes.columns <= 2 ** 16;
  const features = small ? Uint16Array.from(codes.indices) : Uint32Array.from(codes.indices);
  const code = codesColumn({ offsets: codes.offsets, features, values: codes.values });
  return table({ image: images, code });
}

export function truthTable(verdicts: readonly KindVerdict[]) {
  const numbers = (pick: (verdict: KindVerdict) => number) => Float32Array.from(verdicts, pick);
  return table({
    kind: verdicts.map((verdict) => verdict.kind),
    images: Uint32Array.from(verdicts, (verdict) => verdict.images),
    feature: Uint32Array.from(verdicts, (verdict) => verdict.feature),
    auroc_choice: numbers((verdict) => verdict.aurocChoice),
    auroc: numbers((verdict) => verdict.auroc),
    dimension: Uint32Array.from(verdicts, (verdict) => verdict.dimension),
    dimension_auroc: numbers((verdict) => verdict.dimensionAuroc),
  });
}
