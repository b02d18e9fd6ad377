/** A dictionary with all it was made from: embeddings, the images they are of, the encoder. */

import {
  type Artifact,
  ArtifactError,
  columnOf,
  readArtifact,
  toBools,
  toFloats,
  toNumbers,
  toVectors,
} from "@optogram/artifacts";
import { EncoderError, type EncoderParts, readEncoder } from "@optogram/encoders";
import { type ImageSource, type OpenOptions, openImages, whatWasSeen } from "@optogram/images";
import { z } from "zod";
import type { Dictionary } from "./dictionary.ts";

export interface Study {
  readonly encoder: EncoderParts;
  readonly source: ImageSource;
  /** Position in the source of each embedding's image. */
  readonly images: Uint32Array;
  /** [images, width], row-major. */
  readonly embeddings: { readonly values: Float32Array; readonly width: number };
  readonly dictionary: Dictionary;
  /** Living features, those that are active most strongly over all images first. */
  readonly living: readonly number[];
}

/**
 * Reads a "features" artifact and an "sae" that was trained on it, with the encoder and the images, which may have to
 * be fetched first.
 * @throws ArtifactError where they do not belong together, EncoderError where the encoder has changed since.
 */
export async function readStudy(
  featuresFolder: string,
  saeFolder: string,
  options: OpenOptions = {},
): Promise<Study> {
  const features = await readArtifact(featuresFolder, "features");
  const sae = await readArtifact(saeFolder, "sae");
  if (sae.manifest.inputs.features?.digest !== features.digest)
    throw new ArtifactError(
      `${saeFolder}: the dictionary was trained on other embeddings than those given; run train-sae again`,
    );
  const seen = whatWasSeen(features);
  const encoder = await readEncoder(seen.encoder, options);
  if (encoder.digest !== seen.card)
    throw new EncoderError(
      `${featuresFolder}: the encoder ${seen.encoder} has changed since its embeddings were made; run extract-features again`,
    );
  const table = await features.table("embeddings.parquet");
  return {
    encoder,
    source: await openImages(seen.images, options),
    images: toNumbers(columnOf(table, "image")) as Uint32Array,
    embeddings: toVectors(columnOf(table, "embedding")),
    ...(await readDictionary(sae)),
  };
}

const saeParameters = z.looseObject({ variant: z.string(), k: z.int().min(1) });

/** Features that an image keeps where the dictionary's variant does not say. */
const activeLimit = 32;

async function readDictionary(artifact: Artifact): Promise<Pick<Study, "dictionary" | "living">> {
  const { tensors } = await artifact.tensors("sae.safetensors");
  const floats = (name: string) => tensors[name].data as Float32Array;
  const [latents, dimensions] = tensors.W_dec.shape;
  const table = await artifact.table("features.parquet");
  const dead = toBools(columnOf(table, "dead"));
  const density = toFloats(columnOf(table, "density"));
  const mean = toFloats(columnOf(table, "mean"));
  const strength = (feature: number) => density[feature] * mean[feature];
  const { variant, k } = saeParameters.parse(artifact.manifest.parameters);
  return {
    dictionary: {
      dimensions,
      latents,
      active: variant === "topk" ? k : activeLimit,
      encoderWeight: floats("W_enc"),
      encoderBias: floats("b_enc"),
      decoderWeight: floats("W_dec"),
      decoderBias: floats("b_dec"),
    },
    living: Array.from(dead.keys())
      .filter((feature) => !dead[feature])
      .sort((a, b) => strength(b) - strength(a) || a - b),
  };
}
