/** Which images an artifact's embeddings are of. */

import type { Artifact } from "@optogram/artifacts";
import { z } from "zod";
import { ImageError } from "./picture.ts";
import { type ImageSourceSpec, imageSourceSchema } from "./source.ts";

export interface Seen {
  readonly images: ImageSourceSpec;
  /** Name or folder of the encoder. */
  readonly encoder: string;
  /** Digest of the encoder's card and weights. */
  readonly card: string;
}

const schema = z.looseObject({
  images: imageSourceSchema,
  encoder: z.string().min(1),
  card: z.string().default(""),
});

/**
 * What the parameters of a "features" artifact say of its images and its encoder.
 * @throws ImageError where they do not
 */
export function whatWasSeen(features: Artifact): Seen {
  const { parameters, stage } = features.manifest;
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new ImageError(
    `${features.folder}: its parameters do not say which images it saw (${path.join(".")}: ${message}); run ${stage} again`,
  );
}
