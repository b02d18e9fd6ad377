/** The stage visualize-features: embeddings and a dictionary in, a picture of each feature and their painter out. */

import { openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { inputSize } from "@optogram/images";
import { type Device, encodeModel } from "@optogram/onnx";
import { z } from "zod";
import { openAscent } from "./ascent.ts";
import { drawnViews } from "./decoder/drawn-views.ts";
import { decoderModel } from "./decoder/export.ts";
import { openDecoder } from "./decoder/paint.ts";
import { type TrainedDecoder, trainDecoder } from "./decoder/train.ts";
import { featureDirection } from "./directions.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { embeddingGraph, openJudge } from "./judge.ts";
import { liveEncoder } from "./live.ts";
import { nearestImages } from "./nearest.ts";
import { painterNames, painterOf } from "./painters/named.ts";
import { photoReader } from "./photos.ts";
import { judgePictures, pictureFigures, picturesTable } from "./tables.ts";
import { mildViews } from "./views.ts";

const parameters = z.strictObject({
  size: z
    .int()
    .optional()
    .describe(
      "Side of the pictures: 6 to 11 times a power of two. Default: the encoder's input, at most 128.",
    ),
  decoderImages: z.int().min(16).default(4000).describe("Images that the decoder learns from, at most."),
  decoderSteps: z.int().min(1).default(1500).describe("Updates of the decoder."),
  decoderBatch: z.int().min(4).default(16).describe("Directions an update."),
  refine: z
    .int()
    .min(0)
    .default(256)
    .describe("Features, the strongest first, that are searched for by ascent."),
  painter: z.enum(painterNames).default("convolution").describe("What holds a picture during the ascent."),
  steps: z.int().min(1).default(128).describe("Steps of an ascent."),
  views: z.int().min(1).default(4).describe("Augmented views of a picture a step."),
  variation: z.number().min(0).default(0.1).describe("Weight of total variation in an ascent."),
  seed: z.int().min(0).default(1).describe("Seed of the weights, the views and the order of images."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

const checkpointEvery = 100;
/** Pictures searched for at a time. */
const together = 8;
/** Random views of a picture a step of the decoder. */
const decoderViews = 1;

export const stage: Stage<Parameters> = {
  kind: "visualize-features",
  writes: "pictures",
  summary: "Draw a picture of each feature: what the encoder says points in its direction.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings that the dictionary was trained on" },
    sae: { kind: "sae", describe: "the dictionary" },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs: folders, output, description, parameters: settings } = context;
    const inputs = await readInputs(folders.features[0], folders.sae[0]);
    const size = settings.size ?? defaultSize(inputs);
    const decoder = await learn(context, inputs, size);
    const model = encodeModel(decoderModel(decoder.tensors, decoder.shape));
    const features = inputs.sae.living;
    const directions = directionsOf(inputs, features);
    const painted = await paint(model, directions);
    const refined = await refine(context, inputs, size, painted, directions);
    const pictures = await judge(context, inputs, size, { features, directions, painted, refined });
    const { preprocessing } = inputs.encoder.card.input;
    const [height, width] = inputSize(preprocessing);
    await writeArtifact(output, description, async (writer) => {
      await writer.table("pictures.parquet", await picturesTable(pictures, size), { compression: "none" });
      await writer.table("history.parquet", table(decoder.history.columns()));
      await writer.bytes("decoder.onnx", model);
      await writer.bytes("encoder.onnx", encodeModel(await liveEncoder(inputs.encoder)));
      await writer.json("live.json", {
        encoder: { height, width, resize: preprocessing.resize },
        sae: { active: inputs.sae.active },
        decoder: { size },
      });
      Object.assign(writer.metrics, pictureFigures(pictures));
    });
  },
};

/** The largest side that a decoder can paint, up to the encoder's input and 128 pixels. */
function defaultSize({ encoder }: Inputs): number {
  const most = Math.min(128, ...inputSize(encoder.card.input.preprocessing));
  const sides = [6, 7, 8, 9, 10, 11].flatMap((start) => [2, 4, 8, 16].map((times) => start * times));
  const fitting = sides.filter((side) => side <= most);
  if (fitting.length === 0)
    throw new UserError(`the encoder takes ${most} pixels: too few for a picture`, {
      advice: "use an encoder that takes 12 pixels or more",
    });
  return Math.max(...fitting);
}

function directionsOf({ sae }: Inputs, features: readonly number[]): Float32Array {
  const { values, width } = sae.directions;
  const rows = new Float32Array(features.length * width);
  for (const [i, feature] of features.entries())
    rows.set(featureDirection(values, width, feature), i * width);
  return rows;
}

async function learn(context: Context, inputs: Inputs, size: number): Promise<TrainedDecoder> {
  const { parameters: settings, scratch, description, progress, signal, device } = context;
  const { encoder, embeddings, images } = inputs;
  const { preprocessing } = encoder.card.input;
  const photo = photoReader(inputs.source, preprocessing, size);
  const count = Math.min(settings.decoderImages, images.length);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * images.length) / count));
  const rows = new Float32Array(count * embeddings.width);
  for (const [i, row] of chosen.entries())
    rows.set(
      embeddings.values.subarray(row * embeddings.width, (row + 1) * embeddings.width),
      i * embeddings.width,
    );
  const store = openCheckpoint(scratch, description, "decoder");
  const phase = progress.phase("train the decoder", settings.decoderSteps, (await store.load())?.step ?? 0);
  const shape = { count: settings.decoderBatch, views: decoderViews, size, out: inputSize(preprocessing) };
  const trained = await trainDecoder(
    {
      embeddings: { values: rows, width: embeddings.width },
      image: (index) => photo(images[chosen[index]]),
      directions: inputs.sae.directions,
      encoder: { graph: (batch) => embeddingGraph(encoder, batch), preprocessing },
      views: drawnViews(shape, mildViews, settings.seed),
    },
    {
      size,
      hidden: 256,
      width: 96,
      steps: settings.decoderSteps,
      batch: settings.decoderBatch,
      rate: 1e-3,
      seed: settings.seed,
      imagesOnly: 0.4,
      drawn: 0.5,
      weights: { edges: 1, cosine: 0.5, variation: 0.5 },
    },
    {
      checkpoint: { store, every: checkpointEvery },
      signal,
      device: device as Device,
      report: ({ metrics: { image, cosine, cosineUnseen } }) =>
        phase.advance(
          1,
          `image ${image.toFixed(3)}, cosine ${cosine.toFixed(2)} / ${cosineUnseen.toFixed(2)}`,
        ),
    },
  );
  phase.done();
  return trained;
}

async function paint(model: Uint8Array, directions: Float32Array): Promise<Float32Array> {
  const decoder = await openDecoder(model);
  try {
    return await decoder.paint(directions);
  } finally {
    await decoder.close();
  }
}

/** Pictures of the first features, searched for from what the decoder painted where the painter can start from it. */
async function refine(
  context: Context,
  inputs: Inputs,
  size: number,
  painted: Float32Array,
  directions: Float32Array,
): Promise<Float32Array> {
  const { parameters: settings, scratch, description, progress, signal, device } = context;
  const { encoder, sae } = inputs;
  const d = sae.directions.width;
  const each = 3 * size * size;
  const total = Math.min(settings.refine, sae.living.length);
  const refined = new Float32Array(total * each);
  if (total === 0) return refined;
  const painter = await painterOf(settings.painter, {
    size,
    images: await sample(inputs, size),
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
            seeds: sae.living.slice(first, last).map((feature) => settings.seed * 1_000_003 + feature),
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

async function sample({ source, images, encoder }: Inputs, size: number): Promise<Float32Array> {
  const photo = photoReader(source, encoder.card.input.preprocessing, size);
  const count = Math.min(sampled, images.length);
  const pictures = new Float32Array(count * 3 * size * size);
  for (let i = 0; i < count; i++)
    pictures.set(await photo(images[Math.floor((i * images.length) / count)]), i * 3 * size * size);
  return pictures;
}

interface Made {
  readonly features: readonly number[];
  readonly directions: Float32Array;
  /** One a feature. */
  readonly painted: Float32Array;
  /** Of the first features. */
  readonly refined: Float32Array;
}

async function judge(context: Context, inputs: Inputs, size: number, made: Made) {
  const { progress, device, parameters: settings } = context;
  const { encoder, embeddings, images, source, sae } = inputs;
  const phase = progress.phase("judge the pictures");
  const opened = await openJudge(encoder, { size, batch: 32, device: device as Device });
  try {
    const nearest = nearestImages(embeddings, made.directions);
    const photo = photoReader(source, encoder.card.input.preprocessing, size);
    const pictures = await judgePictures(opened, sae, {
      ...made,
      seed: settings.seed,
      images: Array.from(nearest, (row) => images[row]),
      photo,
    });
    phase.done();
    return pictures;
  } finally {
    await opened.close();
  }
}
