/** What `reconstructor.json` says. */

import { imageKeys, imageSourceSchema } from "@optogram/images";
import { z } from "zod";
import { layerSchema } from "./layer.ts";

const pair = z.tuple([z.int().min(1), z.int().min(1)]);

export const modelFile = "reconstructor.onnx";
export const aboutFile = "reconstructor.json";

const trainedImagesSchema = z.strictObject({
  /** The set, as a pipeline names it. */
  source: imageSourceSchema,
  /** Positions in the set that the training did not see; it saw all others. */
  heldOut: z.array(z.int().min(0)),
});

export const aboutSchema = z.strictObject({
  /** Name or folder of the encoder, and the digest of its card and weights. */
  encoder: z.string().min(1),
  card: z.string(),
  layer: layerSchema,
  /** [height, width] of the encoder's input in pixels. */
  input: pair,
  /** [rows, columns] of tokens. */
  grid: pair,
  /** Numbers of a token. */
  tokenWidth: z.int().min(1),
  /** [height, width] of the pictures. */
  size: pair,
  width: z.int().min(1),
  depth: z.int().min(1),
  heads: z.int().min(1),
  images: trainedImagesSchema,
});

export type About = z.infer<typeof aboutSchema>;
export type TrainedImages = z.infer<typeof trainedImagesSchema>;

/** The keys (`imageKeys`) of the images that the training saw. */
export async function seenKeys({ source, heldOut }: TrainedImages): Promise<ReadonlySet<string>> {
  const out = new Set(heldOut);
  return new Set((await imageKeys(source)).filter((_, position) => !out.has(position)));
}
