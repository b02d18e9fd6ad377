/** The stage train-decoder: embeddings, their images and a dictionary in, a network that paints directions out. */

import { type ArtifactWriter, openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { readStudy, type Study } from "@optogram/dictionary/study";
import { inputSize, spacedPositions } from "@optogram/images";
import { type Device, encodeModel } from "@optogram/onnx";
import {
  decoderModel,
  drawnViews,
  embeddingGraph,
  exemplarDecoder,
  largestSide,
  liveEncoder,
  mildViews,
  photoReader,
  type TrainedDecoder,
  trainDecoder,
} from "@optogram/painting";
import { z } from "zod";
import { chooseExemplars } from "./exemplars.ts";

const parameters = z.strictObject({
  size: z
    .int()
    .optional()
    .describe(
      "Side of the pictures: 6 to 11 times a power of two. Default: the encoder's input, at most 128.",
    ),
  network: z
    .enum(["exemplars", "convolution"])
    .default("exemplars")
    .describe(
      "exemplars mixes images that it remembers, at once; convolution is trained to paint, for long.",
    ),
  exemplars: z.int().min(1).default(512).describe("exemplars: images that are remembered, at most."),
  samples: z.int().min(16).default(4000).describe("convolution: images to learn from, at most."),
  steps: z.int().min(1).default(1500).describe("convolution: updates."),
  batch: z.int().min(4).default(16).describe("convolution: directions an update."),
  seed: z.int().min(0).default(1).describe("Seed of the weights, the views and the order of images."),
});

type Parameters = z.infer<typeof parameters>;

const checkpointEvery = 100;
/** Random views of a picture an update. */
const viewsAPicture = 1;

export const stage: Stage<Parameters> = {
  kind: "train-decoder",
  writes: "decoder",
  summary: "Train a network that paints directions of an encoder's embedding space in milliseconds.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings, which say where their images are" },
    sae: { kind: "sae", describe: "the dictionary whose directions it learns to paint too" },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs, output, description, parameters: settings, progress, signal } = context;
    const study = await readStudy(inputs.features[0], inputs.sae[0], { progress, signal });
    const size = settings.size ?? defaultSize(study);
    const write =
      settings.network === "exemplars"
        ? await remember(context, study, size)
        : await train(context, study, size);
    const { preprocessing } = study.encoder.card.input;
    const [height, width] = inputSize(preprocessing);
    await writeArtifact(output, description, async (writer) => {
      await write(writer);
      await writer.bytes("encoder.onnx", encodeModel(await liveEncoder(study.encoder)));
      await writer.json("live.json", {
        encoder: { height, width, resize: preprocessing.resize },
        dictionary: { active: study.dictionary.active },
        decoder: { size },
      });
    });
  },
};

/** The largest side that a decoder can paint, up to the encoder's input and 128 pixels. */
function defaultSize({ encoder }: Study): number {
  const most = Math.min(128, ...inputSize(encoder.card.input.preprocessing));
  if (most < 12)
    throw new UserError(`the encoder takes ${most} pixels: too few for a picture`, {
      advice: "use an encoder that takes 12 pixels or more",
    });
  return largestSide(most);
}

/** Writes the decoder's own files. */
type Write = (writer: ArtifactWriter) => Promise<void>;

async function remember(
  { parameters: settings, progress, signal }: StageContext<Parameters>,
  study: Study,
  size: number,
): Promise<Write> {
  const { encoder, source, images } = study;
  const { rows, keys, of } = chooseExemplars(study, settings.exemplars);
  const photo = photoReader(source, encoder.card.input.preprocessing, size);
  const pixels = 3 * size * size;
  const remembered = new Uint8Array(rows.length * pixels);
  const phase = progress.phase("remember images", rows.length);
  for (const [i, row] of rows.entries()) {
    signal.throwIfAborted();
    remembered.set(
      (await photo(images[row])).map((value) => Math.round(255 * value)),
      i * pixels,
    );
    phase.advance(1);
  }
  phase.done();
  const dimension = study.dictionary.dimensions;
  const model = exemplarDecoder({ dimension, keys, of, size, images: remembered });
  return (writer) => writer.bytes("decoder.onnx", encodeModel(model));
}

async function train(
  { parameters: settings, scratch, description, progress, signal, device }: StageContext<Parameters>,
  { encoder, source, images, embeddings, dictionary }: Study,
  size: number,
): Promise<Write> {
  const { preprocessing } = encoder.card.input;
  const photo = photoReader(source, preprocessing, size);
  const chosen = spacedPositions(images.length, settings.samples);
  const { width } = embeddings;
  const rows = new Float32Array(chosen.length * width);
  for (const [i, row] of chosen.entries())
    rows.set(embeddings.values.subarray(row * width, (row + 1) * width), i * width);
  const store = openCheckpoint(scratch, description, "decoder");
  const phase = progress.phase("train the decoder", settings.steps, (await store.load())?.step ?? 0);
  const shape = { count: settings.batch, views: viewsAPicture, size, out: inputSize(preprocessing) };
  const trained = await trainDecoder(
    {
      embeddings: { values: rows, width },
      image: (index) => photo(images[chosen[index]]),
      directions: { values: dictionary.decoderWeight, width: dictionary.dimensions },
      encoder: { graph: (batch) => embeddingGraph(encoder, batch), preprocessing },
      views: drawnViews(shape, mildViews, settings.seed),
    },
    {
      size,
      hidden: 256,
      width: 96,
      steps: settings.steps,
      batch: settings.batch,
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
  const { tensors, shape: network, history }: TrainedDecoder = trained;
  return async (writer) => {
    await writer.table("history.parquet", table(history.columns()));
    await writer.bytes("decoder.onnx", encodeModel(decoderModel(tensors, network)));
  };
}
