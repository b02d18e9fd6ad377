/** Reads the artifacts that the map is made of into plain arrays, and checks that they fit together. */

import {
  type Artifact,
  ArtifactError,
  columnOf,
  fieldOfStruct,
  toCodes,
  toFloats,
  toLists,
  toNumbers,
  toTexts,
} from "@optogram/artifacts";
import type { SparseRows } from "@optogram/statistics";
import { captionWords, type ImageTags, imageTags } from "./tags.ts";

export interface SaeInput {
  /** The image of each row of the codes. */
  readonly images: Uint32Array;
  readonly codes: SparseRows;
  /** Row-major, features × d. */
  readonly dictionary: Float32Array;
  readonly d: number;
}

/** The codes and the decoder of a "sae" artifact. */
export async function readSae(artifact: Artifact): Promise<SaeInput> {
  const fail = (what: string): never => {
    throw new ArtifactError(`${artifact.folder}: ${what}; run ${artifact.manifest.stage} again`);
  };
  const decoder = (await artifact.tensors("sae.safetensors")).tensors.W_dec;
  if (decoder?.shape.length !== 2 || !(decoder.data instanceof Float32Array))
    return fail("W_dec of sae.safetensors is not a float32 matrix");
  const [features = 0, d = 0] = decoder.shape;
  const table = await artifact.table("codes.parquet", ["image", "code"]);
  const { offsets, features: indices, values } = toCodes(columnOf(table, "code"));
  if (indices.some((feature) => feature >= features))
    fail(`codes.parquet names a feature beyond the ${features} of W_dec`);
  if (!values.every((value) => value > 0 && Number.isFinite(value)))
    fail("codes.parquet holds an activation that is not a positive number");
  return {
    images: Uint32Array.from(toNumbers(columnOf(table, "image")) as Uint32Array),
    codes: { columns: features, offsets, indices, values },
    dictionary: decoder.data,
    d,
  };
}

/** A thing counts where it covers at least this share of the frame. */
const leastCoverage = 0.05;

/**
 * What a "features" artifact says of the given images: ground truth, class labels and words of captions, in this
 * order, as far as it has them. Images that it does not know have no tags.
 */
export async function readTags(artifact: Artifact, images: Uint32Array): Promise<ImageTags[]> {
  const table = await artifact.table("images.parquet");
  const rowOf = new Map<number, number>();
  toNumbers(columnOf(table, "image")).forEach((image, row) => {
    rowOf.set(Number(image), row);
  });
  const inOrder = (tagsOf: (row: number) => Iterable<string>): ImageTags =>
    imageTags(
      Array.from(images, (image) => {
        const row = rowOf.get(image);
        return row === undefined ? [] : tagsOf(row);
      }),
    );
  const has = (name: string): boolean => table.getChild(name) !== null;
  const sources: ImageTags[] = [];
  if (has("truth")) {
    const { offsets, items } = toLists(columnOf(table, "truth"));
    // Without a single thing in any image the items have no fields to read.
    const kinds = items.length > 0 ? toTexts(fieldOfStruct(items, "kind")) : [];
    const coverage = items.length > 0 ? toFloats(fieldOfStruct(items, "coverage")) : [];
    const large = kinds.map((kind, i) => (coverage[i] >= leastCoverage ? kind : null));
    sources.push(inOrder((row) => large.slice(offsets[row], offsets[row + 1]).filter(isText)));
  }
  if (has("label")) {
    const labels = toTexts(columnOf(table, "label"));
    sources.push(inOrder((row) => [labels[row]].filter(isText)));
  }
  if (has("caption")) {
    const captions = toTexts(columnOf(table, "caption"));
    sources.push(inOrder((row) => captionWords(captions[row] ?? "")));
  }
  return sources;
}

/** A name counts where its text lies nearer than others by so many standard deviations over the texts. */
const leastScore = 3;

/**
 * The first name of each feature in an "alignment" artifact, by the feature's number in the dictionary.
 * @param sae the digest of the dictionary that is mapped
 */
export async function readNames(artifact: Artifact, sae: string): Promise<Map<number, string>> {
  const { folder, manifest } = artifact;
  if (!artifact.has("names.parquet"))
    throw new ArtifactError(`${folder}: names no features; run ${manifest.stage} again with "sae"`);
  if (manifest.inputs.sae?.digest !== sae)
    throw new ArtifactError(
      `${folder}: names the features of another dictionary; run ${manifest.stage} again`,
    );
  const [names, list] = await Promise.all(
    ["names.parquet", "texts.parquet"].map((name) => artifact.table(name)),
  );
  const texts = toTexts(columnOf(list, "text"));
  const [feature, rank, text, score] = ["feature", "rank", "text", "score"].map((name) =>
    toNumbers(columnOf(names, name)),
  );
  const found = new Map<number, string>();
  for (let i = 0; i < names.numRows; i++) {
    const name = texts[Number(text[i])];
    if (Number(rank[i]) === 1 && Number(score[i]) >= leastScore && isText(name))
      found.set(Number(feature[i]), name);
  }
  return found;
}

function isText(text: string | null | undefined): text is string {
  return typeof text === "string";
}
