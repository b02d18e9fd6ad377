/** The stage visualize-features: embeddings and a dictionary in, a picture of each feature and their painter out. */

import { openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { inputSize } from "@optogram/images";
import { type Device, encodeModel } from "@optogram/onnx";
import { nearestNeighbours } from "@optogram/statistics";
import { z } from "zod";
import { openAscent } from "./ascent.ts";
import { drawnViews } from "./decoder/drawn-views.ts";
import { decoderModel } from "./decoder/export.ts";
import { largestSide } from "./decoder/network.ts";
import { openDecoder } from "./decoder/paint.ts";
import { type TrainedDecoder, trainDecoder } from "./decoder/train.ts";
import { featureDirection } from "./directions.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { embeddingGraph, openJudge } from "./judge.ts";
import { liveEncoder } from "./live.ts";
import { painterNames, painterOf } from "./painters/named.ts";
import { type PhotoReader, photoReader } from "./photos.ts";
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
    const photo = photoReader(inputs.source, inputs.encoder.card.input.preprocessing, size);
    const decoder = await learn(context, inputs, size, photo);
    const model = encodeModel(decoderModel(decoder.tensors, decoder.shape));
    const features = inputs.sae.living;
    const directions = directionsOf(inputs, features);
    const seeds = features.map((feature) => settings.seed * 1_000_003 + feature);
    const painted = await paint(model, directions);
    const started = { features, directions, seeds, painted };
    const refined = await refine(context, inputs, size, photo, started);
    const pictures = await judge(context, inputs, size, photo, { ...started, refined });
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
  if (most < 12)
    throw new UserError(`the encoder takes ${most} pixels: too few for a picture`, {
      advice: "use an encoder that takes 12 pixels or more",
    });
  return largestSide(most);
}

function directionsOf({ sae }: Inputs, features: readonly number[]): Float32Array {
  const { values, width } = sae.directions;
  const rows = new Float32Array(features.length * width);
  for (const [i, feature] of features.entries())
    rows.set(featureDirection(values, width, feature), i * width);
  return rows;
}

/** `count` rows of `n`, or all, evenly spaced. */
function spread(n: number, count: number): number[] {
  const taken = Math.min(n, count);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * n) / taken));
}

async function learn(
  context: Context,
  inputs: Inputs,
  size: number,
  photo: PhotoReader,
): Promise<TrainedDecoder> {
  const { parameters: settings, scratch, description, progress, signal, device } = context;
  const { encoder, embeddings, images } = inputs;
  const { preprocessing } = encoder.card.input;
  const chosen = spread(images.length, settings.decoderImages);
  const rows = new Float32Array(chosen.length * embeddings.width);
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
  photo: PhotoReader,
  { directions, seeds, painted }: Started,
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
    images: await sample(inputs, size, photo),
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

async function sample({ images }: Inputs, size: number, photo: PhotoReader): Promise<Float32Array> {
  const chosen = spread(images.length, sampled);
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

async function judge(context: Context, inputs: Inputs, size: number, photo: PhotoReader, made: Made) {
  const { progress, device } = context;
  const { encoder, embeddings, images, sae } = inputs;
  const phase = progress.phase("judge the pictures");
  const opened = await openJudge(encoder, { size, batch: 32, device: device as Device });
  try {
    const { values, width } = embeddings;
    const nearest = nearestNeighbours(values, width, 1, "cosine", made.directions).indices;
    const pictures = await judgePictures(opened, sae, {
      ...made,
      images: Array.from(nearest, (row) => images[row]),
      photo,
    });
    phase.done();
    return pictures;
  } finally {
    await opened.close();
  }
}
