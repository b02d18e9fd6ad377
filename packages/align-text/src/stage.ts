/** The stage align-text: embeddings of images and an encoder that reads texts in; what each says of the other out. */

import { readArtifact, writeArtifact } from "@optogram/artifacts";
import { type Stage, UserError } from "@optogram/cli";
import { EncoderError, openEncoder, openTextEncoder, readEncoder } from "@optogram/encoders";
import { openImages, whatWasSeen } from "@optogram/images";
import type { Device } from "@optogram/onnx";
import { align } from "./align.ts";
import { readFeatures } from "./features.ts";
import { look } from "./look.ts";
import { directionsOf } from "./names.ts";
import { writePage } from "./page.ts";
import { type Parameters, parameters, templatesOf } from "./parameters.ts";
import { readTexts } from "./read-texts.ts";
import { writeAlignment } from "./write.ts";

export const stage: Stage<Parameters> = {
  kind: "align-text",
  writes: "alignment",
  summary: "Name images, find them by texts, and say how sure that is, for an encoder that reads texts.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the images' embeddings, and what is known of them" },
    sae: { kind: "sae", describe: "a dictionary trained on them, whose features get names", optional: true },
  },
  packages: ["onnxruntime-node", "sharp", "@huggingface/tokenizers"],
  async run(context) {
    const { inputs, parameters: given, device, output, description, progress, signal } = context;
    const [folder] = inputs.features;
    const artifact = await readArtifact(folder, "features");
    const seen = whatWasSeen(artifact);
    const parts = await readEncoder(seen.encoder, { progress, signal });
    if (parts.digest !== seen.card)
      throw new EncoderError(
        `${folder}: the encoder ${seen.encoder} has changed since its embeddings were made; run extract-features again`,
      );
    const source = await openImages(seen.images, { progress, signal });
    for (const { image } of given.debug)
      if (image >= source.length)
        throw new UserError(`"debug" names image ${image}, and there are ${source.length}`);
    const sae = inputs.sae?.[0];
    const dictionary = sae === undefined ? undefined : await directionsOf(folder, sae, { progress, signal });
    const texts = await openTextEncoder(seen.encoder, {
      batch: given.batch,
      device: device as Device,
      fetching: { watcher: progress, signal },
    });
    try {
      const features = await readFeatures(artifact);
      const read = await readTexts(context, features, texts);
      const phase = progress.phase("texts and images");
      const alignment = await align(given, { features, texts, read, dictionary });
      if (!alignment.fit) {
        const { threshold, temperature } = alignment.confidence;
        progress.note(
          `nothing to fit a confidence on: ${threshold} and ${temperature} are a heuristic, and so is every confidence`,
        );
      }
      const encoder = given.debug.length > 0 ? await openEncoder(parts, { device, batch: 4 }) : undefined;
      const looked =
        encoder && (await look(given.debug, source, encoder, texts).finally(() => encoder.close()));
      phase.done();
      await writeArtifact(output, description, async (writer) => {
        await writeAlignment(writer, alignment, {
          encoder: { name: parts.card.name, title: parts.card.title },
          words: given.words,
          queries: given.queries,
          templates: templatesOf(given),
          ...{ features, texts, read, dictionary, looked },
        });
        await writePage(writer, seen.encoder, parts, features, texts);
      });
    } finally {
      await texts.close();
    }
  },
};
