/** What the stage reads: embeddings and where they come from, the dictionary, the encoder. */

import {
  type Artifact,
  columnOf,
  readArtifact,
  toBools,
  toFloats,
  toNumbers,
  toVectors,
} from "@optogram/artifacts";
import { UserError } from "@optogram/cli";
import { type EncoderParts, readEncoder } from "@optogram/encoders";
import { type ImageSource, openImages, whatWasSeen } from "@optogram/images";
import type { Tensor } from "@optogram/onnx";
import { z } from "zod";
import type { Vectors } from "./decoder/draw.ts";

export interface Inputs {
  readonly encoder: EncoderParts;
  readonly source: ImageSource;
  /** Position in the source of each embedding's image. */
  readonly images: ArrayLike<number>;
  readonly embeddings: Vectors;
  readonly sae: Dictionary;
}

export interface Dictionary {
  readonly W_enc: Tensor;
  readonly b_enc: Tensor;
  readonly b_dec: Tensor;
  /** Unit rows [m, d]. */
  readonly directions: Vectors;
  /** Living features, those that are active most strongly over all images first. */
  readonly living: readonly number[];
  /** Features that may be active in an image. */
  readonly active: number;
}

/** @throws UserError where the artifacts do not belong together, or the encoder has changed since. */
export async function readInputs(featuresFolder: string, saeFolder: string): Promise<Inputs> {
  const features = await readArtifact(featuresFolder, "features");
  const sae = await readArtifact(saeFolder, "sae");
  if (sae.manifest.inputs.features?.digest !== features.digest)
    throw new UserError("the dictionary was trained on other embeddings than those given", {
      where: saeFolder,
      advice: "run train-sae again",
    });
  const seen = whatWasSeen(features);
  const encoder = await readEncoder(seen.encoder);
  if (encoder.digest !== seen.card)
    throw new UserError(`the encoder ${seen.encoder} has changed since its embeddings were made`, {
      where: featuresFolder,
      advice: "run extract-features again",
    });
  const table = await features.table("embeddings.parquet");
  return {
    encoder,
    source: await openImages(seen.images),
    images: toNumbers(columnOf(table, "image")) as Uint32Array,
    embeddings: toVectors(columnOf(table, "embedding")),
    sae: await readDictionary(sae),
  };
}

const saeParameters = z.looseObject({ variant: z.string(), k: z.int().min(1) });

/** Features that an image keeps where the dictionary's variant does not say. */
const activeLimit = 32;

async function readDictionary(artifact: Artifact): Promise<Dictionary> {
  const { tensors } = await artifact.tensors("sae.safetensors");
  const { W_enc, b_enc, W_dec, b_dec } = tensors;
  const table = await artifact.table("features.parquet");
  const dead = toBools(columnOf(table, "dead"));
  const density = toFloats(columnOf(table, "density"));
  const mean = toFloats(columnOf(table, "mean"));
  const strength = (feature: number) => density[feature] * mean[feature];
  const { variant, k } = saeParameters.parse(artifact.manifest.parameters);
  return {
    W_enc: W_enc as Tensor,
    b_enc: b_enc as Tensor,
    b_dec: b_dec as Tensor,
    directions: { values: W_dec.data as Float32Array, width: W_dec.shape[1] },
    living: Array.from(dead.keys())
      .filter((feature) => !dead[feature])
      .sort((a, b) => strength(b) - strength(a) || a - b),
    active: variant === "topk" ? k : activeLimit,
  };
}
