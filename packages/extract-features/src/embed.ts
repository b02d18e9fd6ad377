/** Prepared batches through an encoder. */

import { UserError } from "@optogram/cli";
import type { EmbeddedBatch, PreparedBatch } from "./batch.ts";

/** `n` inputs [n, 3, height, width] to embeddings [n, dimension]. */
export type Embed = (pixels: Float32Array, n: number) => Promise<Float32Array>;

/**
 * @throws UserError naming the first image whose embedding is not finite.
 */
export async function embedBatch(
  { entries, failures, pixels }: PreparedBatch,
  embed: Embed,
): Promise<EmbeddedBatch> {
  if (entries.length === 0) return { entries, failures, embeddings: new Float32Array() };
  const embeddings = await embed(pixels, entries.length);
  const bad = embeddings.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const { id } = entries[Math.floor(bad / (embeddings.length / entries.length))].record;
    throw new UserError(`the embedding of ${id} holds a value that is ${embeddings[bad]}`, {
      advice: "check the preprocessing on the encoder's card, and its weights",
    });
  }
  return { entries, failures, embeddings };
}
