/** extract-features: images through an encoder to a table of embeddings. */

import { writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { openEncoder } from "@optogram/encoders";
import { imageSourceSchema, openImages } from "@optogram/images";
import { availableThreads } from "@optogram/onnx";
import { z } from "zod";
import { embedBatch } from "./embed.ts";
import { EmbeddingLog } from "./embedding-log.ts";
import { prepareBatches } from "./pool.ts";
import { embeddingsTable, imagesTable } from "./tables.ts";

const parameters = z.strictObject({
  encoder: z
    .string()
    .min(1)
    .describe("The encoder: a folder in models/, or the path of one with a card.json."),
  images: imageSourceSchema.describe("The images to embed."),
  batch: z.int().min(1).max(1024).default(16).describe("Images that the encoder takes at a time."),
  maxBroken: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("The largest share of images that may be unreadable; each is reported and left out."),
});

type Parameters = z.infer<typeof parameters>;

/** Broken images that are named one by one, on the screen and in the manifest. */
const namedFailures = 100;

export const stage: Stage<Parameters> = {
  kind: "extract-features",
  writes: "features",
  summary: "Embed images with an encoder.",
  scope: "encoder",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  run,
};

async function run(context: StageContext<Parameters>): Promise<void> {
  const { parameters: given, device, progress, signal } = context;
  const source = await openImages(given.images, { progress, signal });
  const encoder = await openEncoder(given.encoder, { device, batch: given.batch, progress, signal });
  try {
    const { batch, dimension, digest } = encoder;
    const total = source.length;
    const { versions } = context.description;
    const key = { images: given.images, total, batch, digest, device, versions };
    const done = await EmbeddingLog.load(context.scratch, key);

    const phase = progress.phase("embedding", total, done.entries.length + done.failures.length);
    const setting = { images: given.images, preprocessing: encoder.card.input.preprocessing };
    const threads = { count: availableThreads(), beside: device !== "cpu" };
    const range = { from: done.batches, batch, total };
    checkFailures(done, total, given.maxBroken);
    for await (const prepared of prepareBatches(setting, range, threads)) {
      if (signal.aborted) {
        await done.save();
        signal.throwIfAborted();
      }
      const before = done.failures.length;
      await done.add(await embedBatch(prepared, (pixels, n) => encoder.embed(pixels, n)));
      for (const { message } of prepared.failures.slice(0, Math.max(0, namedFailures - before)))
        progress.note(message);
      checkFailures(done, total, given.maxBroken);
      phase.advance(prepared.entries.length + prepared.failures.length);
    }
    phase.done(`${done.entries.length} images${skipped(done.failures.length)}`);

    const description = { ...context.description, parameters: { ...given, card: digest } };
    await writeArtifact(context.output, description, async (writer) => {
      await writer.table("images.parquet", imagesTable(done.entries));
      const table = embeddingsTable(done.entries, done.embeddings(), dimension);
      await writer.table("embeddings.parquet", table, { compression: "none" });
      Object.assign(writer.metrics, {
        images: done.entries.length,
        dimension,
        broken: done.failures.length,
        brokenImages: done.failures.slice(0, namedFailures).map(({ message }) => message),
      });
    });
  } finally {
    await encoder.close();
  }
}

/** As soon as there are too many, however many images are left. */
function checkFailures({ failures }: EmbeddingLog, total: number, share: number): void {
  if (failures.length <= share * total) return;
  const [{ message }] = failures;
  throw new UserError(`${failures.length} of ${total} images cannot be read, the first: ${message}`, {
    advice: `repair or remove them, or raise maxBroken above ${share}`,
  });
}

function skipped(count: number): string {
  return count === 0 ? "" : `, ${count} broken left out`;
}
