/** The stage visualize-features: embeddings and a dictionary in, a picture of each feature out. */

import { openCheckpoint, readArtifact, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { directionOf } from "@optogram/dictionary";
import { readStudy, type Study } from "@optogram/dictionary/study";
import type { Device } from "@optogram/onnx";
import {
  openAscent,
  openDecoder,
  openJudge,
  type PhotoReader,
  painterNames,
  painterOf,
  photoReader,
} from "@optogram/painting";
import { nearestNeighbours } from "@optogram/statistics";
import { z } from "zod";
import { judgePictures, pictureFigures, picturesTable, viewsJudged } from "./tables.ts";

const parameters = z.strictObject({
  refine: z
    .int()
    .min(0)
    .default(256)
    .describe("Features, the strongest first, that are searched for by ascent."),
  painter: z
    .enum(painterNames)
    .default("fourier")
    .describe(
      "What holds a picture during the ascent; all but convolution and transformer start from the decoder's.",
    ),
  steps: z.int().min(1).default(24).describe("Steps of an ascent."),
  views: z.int().min(1).default(1).describe("Augmented views of a picture a step."),
  variation: z.number().min(0).default(1).describe("Weight of total variation in an ascent."),
  tries: z
    .int()
    .min(1)
    .default(1)
    .describe("Ascents a feature, from different beginnings; the best is kept."),
  seed: z.int().min(0).default(1).describe("Seed of the beginnings and the views."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

/** Pictures searched for at a time. */
const together = 8;

export const stage: Stage<Parameters> = {
  kind: "visualize-features",
  writes: "pictures",
  summary: "Draw a picture of each feature: what the encoder says points in its direction.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings that the dictionary was trained on" },
    sae: { kind: "sae", describe: "the dictionary" },
    decoder: { kind: "decoder", describe: "what paints the features that are not searched for" },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs: folders, output, description, parameters: settings } = context;
    const { progress, signal } = context;
    const study = await readStudy(folders.features[0], folders.sae[0], { progress, signal });
    const features = study.living;
    const directions = directionsOf(study, features);
    const { painted, size } = await paint(folders.decoder[0], folders.sae[0], directions);
    const photo = photoReader(study.source, study.encoder.card.input.preprocessing, size);
    const seeds = features.map((feature) => settings.seed * 1_000_003 + feature);
    const started = { features, directions, seeds, painted };
    const refined = await refine(context, study, size, photo, started);
    const pictures = await judge(context, study, size, photo, { ...started, refined });
    await writeArtifact(output, description, async (writer) => {
      await writer.table("pictures.parquet", await picturesTable(pictures, size), { compression: "none" });
      Object.assign(writer.metrics, pictureFigures(pictures));
    });
  },
};

/** Unit rows [features, d] of the dictionary. */
function directionsOf({ dictionary }: Study, features: readonly number[]): Float32Array {
  const d = dictionary.dimensions;
  const rows = new Float32Array(features.length * d);
  for (const [i, feature] of features.entries()) {
    const direction = directionOf(dictionary, feature);
    if (!direction)
      throw new UserError(`feature ${feature} has no direction`, { advice: "run train-sae again" });
    rows.set(direction, i * d);
  }
  return rows;
}

async function paint(decoderFolder: string, saeFolder: string, directions: Float32Array) {
  const artifact = await readArtifact(decoderFolder, "decoder");
  const sae = await readArtifact(saeFolder, "sae");
  if (artifact.manifest.inputs.sae?.digest !== sae.digest)
    throw new UserError("the decoder was trained for another dictionary than the one given", {
      where: decoderFolder,
      advice: "run train-decoder again",
    });
  const decoder = await openDecoder(await artifact.bytes("decoder.onnx"));
  try {
    return { painted: await decoder.paint(directions), size: decoder.size };
  } finally {
    await decoder.close();
  }
}

/** Pictures of the first features, searched for from what the decoder painted where the painter can start from it. */
async function refine(
  context: Context,
  study: Study,
  size: number,
  photo: PhotoReader,
  { directions, seeds, painted }: Started,
): Promise<Float32Array> {
  const { parameters: settings, scratch, description, progress, signal, device } = context;
  const { encoder, dictionary, living } = study;
  const d = dictionary.dimensions;
  const each = 3 * size * size;
  const total = Math.min(settings.refine, living.length);
  const refined = new Float32Array(total * each);
  if (total === 0) return refined;
  const painter = await painterOf(settings.painter, {
    size,
    images: await sample(study, size, photo),
  });
  const ascent = await openAscent(encoder, {
    painter,
    count: Math.min(together, total),
    size,
    steps: settings.steps,
    views: settings.views,
    variation: settings.variation,
    device: device as Device,
  });
  const phase = progress.phase("search for the strongest", total);
  try {
    for (let first = 0; first < total; first += together) {
      const last = Math.min(total, first + together);
      const store = openCheckpoint(scratch, description, `ascent-${first}`);
      const saved = (await store.load())?.tensors.pictures?.data as Float32Array | undefined;
      const pictures =
        saved ??
        (
          await ascent.paint({
            directions: directions.subarray(first * d, last * d),
            seeds: seeds.slice(first, last),
            restarts: settings.tries,
            ...(painter.trace && { start: painted.subarray(first * each, last * each) }),
            signal,
          })
        ).pictures;
      if (!saved)
        await store.save(1, {
          pictures: { dtype: "float32", shape: [last - first, 3, size, size], data: pictures },
        });
      refined.set(pictures, first * each);
      phase.advance(last - first);
    }
  } finally {
    await ascent.close();
  }
  phase.done();
  return refined;
}

/** Images to measure colours and spectra on. */
const sampled = 256;

async function sample({ images }: Study, size: number, photo: PhotoReader): Promise<Float32Array> {
  const count = Math.min(sampled, images.length);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * images.length) / count));
  const pictures = new Float32Array(chosen.length * 3 * size * size);
  for (const [i, row] of chosen.entries()) pictures.set(await photo(images[row]), i * 3 * size * size);
  return pictures;
}

/** One entry a feature. */
interface Started {
  readonly features: readonly number[];
  readonly directions: Float32Array;
  readonly seeds: readonly number[];
  /** By the decoder. */
  readonly painted: Float32Array;
}

interface Made extends Started {
  /** Of the first features. */
  readonly refined: Float32Array;
}

async function judge(context: Context, study: Study, size: number, photo: PhotoReader, made: Made) {
  const { progress, signal, device } = context;
  const { encoder, embeddings, images, dictionary } = study;
  const phase = progress.phase("judge the pictures (views)", viewsJudged(made));
  const opened = await openJudge(encoder, {
    ...{ size, batch: 32, device: device as Device, signal },
    looked: (views) => phase.advance(views),
  });
  try {
    const { values, width } = embeddings;
    const nearest = nearestNeighbours(values, width, 1, "cosine", made.directions).indices;
    const pictures = await judgePictures(opened, dictionary, {
      ...made,
      images: Array.from(nearest, (row) => images[row]),
      photo: async (image) => {
        signal.throwIfAborted();
        return await photo(image);
      },
    });
    phase.done();
    return pictures;
  } finally {
    await opened.close();
  }
}
