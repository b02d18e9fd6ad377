/** A trained reconstructor beside its encoder: pictures to tokens, tokens to pictures. */

import { readArtifact } from "@optogram/artifacts";
import { EncoderError, type EncoderParts, readEncoder } from "@optogram/encoders";
import { fitPicture, type Picture } from "@optogram/images";
import type { Device } from "@optogram/onnx";
import { type About, aboutFile, aboutSchema, modelFile, type TrainedImages } from "./artifact.ts";
import { openPainter, type TokenPainter } from "./painter.ts";
import { planesOf, sized } from "./pictures.ts";
import { openTokens, type TokenOptions, type TokenReader } from "./tokens.ts";

export interface ReconstructorParts {
  readonly encoder: EncoderParts;
  /** An ONNX file. */
  readonly model: Uint8Array;
  readonly about: About;
  /** Of the artifact. */
  readonly digest: string;
}

export interface Reconstructor extends TokenReader, TokenPainter {
  readonly encoder: EncoderParts;
  readonly about: About;
  /** Digest of the artifact. */
  readonly digest: string;
  /** What it was trained on; `seenKeys` names the images. */
  readonly images: TrainedImages;
  /** A picture as the encoder sees it: [3, ...input] in 0..1, for `tokens`. */
  see(picture: Picture): Float32Array;
  /** A picture as it is to be painted: [3, ...size] in 0..1, to compare with what `paint` gives. */
  target(picture: Picture): Float32Array;
}

/**
 * Reads a "reconstructor" artifact and the encoder that it belongs to.
 * @throws ArtifactError where it is none, EncoderError where the encoder has changed since.
 */
export async function readReconstructor(folder: string): Promise<ReconstructorParts> {
  const artifact = await readArtifact(folder, "reconstructor");
  const about = await artifact.json(aboutFile, aboutSchema);
  const encoder = await readEncoder(about.encoder);
  if (encoder.digest !== about.card)
    throw new EncoderError(
      `${folder}: the encoder ${about.encoder} has changed since the reconstructor was trained; run ${artifact.manifest.stage} again`,
    );
  return { encoder, about, model: await artifact.bytes(modelFile), digest: artifact.digest };
}

/**
 * Opens a "reconstructor" artifact, or one that was read already, with its encoder.
 * @throws as `readReconstructor`
 */
export async function openReconstructor(
  reconstructor: string | ReconstructorParts,
  options: TokenOptions = {},
): Promise<Reconstructor> {
  const parts = typeof reconstructor === "string" ? await readReconstructor(reconstructor) : reconstructor;
  const { encoder, about, digest } = parts;
  const { preprocessing } = encoder.card.input;
  const painter = await openPainter(parts.model, options.device as Device | undefined);
  const reader = await openTokens(encoder, about.layer, options).catch(async (error: unknown) => {
    await painter.close();
    throw error;
  });
  return {
    ...{ encoder, about, digest, images: about.images },
    ...{ input: reader.input, grid: reader.grid, width: reader.width, size: painter.size },
    see: (picture) => planesOf(fitPicture(picture, preprocessing)),
    target: (picture) => planesOf(sized(fitPicture(picture, preprocessing), painter.size)),
    tokens: (pictures) => reader.tokens(pictures),
    paint: (tokens) => painter.paint(tokens),
    async close() {
      await reader.close();
      await painter.close();
    },
  };
}
