/** The stage train-reconstructor: images and a frozen encoder in, a network that paints them from tokens out. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { readEncoder } from "@optogram/encoders";
import { imageSourceSchema, openImages } from "@optogram/images";
import { type Device, encodeModel, type Tensor } from "@optogram/onnx";
import {
  type About,
  aboutFile,
  bytesOf,
  checkShape,
  coloursOf,
  doublingsOf,
  layerSchema,
  modelFile,
  openPainter,
  openTokens,
  pictureSize,
  type ReconstructorShape,
  reconstructorModel,
  scheduleNames,
  sized,
  type TokenReader,
} from "@optogram/reconstruction";
import { rowsOf } from "@optogram/statistics";
import { z } from "zod";
import { batchOf } from "./batches.ts";
import { type HeldOut, judge, judgeConstant, meanPicture } from "./held-out.ts";
import { heldOutOf, orderOf } from "./order.ts";
import { seenPictures } from "./pictures.ts";
import { Sheet } from "./sheet.ts";
import { trainReconstructor } from "./train.ts";
import { marksOf } from "./watch.ts";

const parameters = z.strictObject({
  encoder: z
    .string()
    .min(1)
    .describe("The encoder: a folder in models/, or the path of one with a card.json."),
  images: imageSourceSchema.describe("The images to learn from, and a few to hold out."),
  layer: layerSchema
    .default("last")
    .describe(
      "Tokens to paint from: last (the card's tokens), next-to-last, or the number of a block (of a ConvNet, a stage).",
    ),
  batch: z.int().min(2).max(1024).default(10).describe("Images a step."),
  epochs: z.int().min(1).default(40).describe("How often each image is seen."),
  steps: z.int().min(1).optional().describe("Updates, in the place of epochs."),
  rate: z.number().positive().default(3e-4).describe("Highest learning rate."),
  schedule: z
    .enum(scheduleNames)
    .default("one-cycle")
    .describe("one-cycle rises once and falls to the end (the paper's code); cyclic goes on (its text)."),
  depth: z.int().min(1).default(4).describe("Transformer blocks."),
  width: z.int().min(4).optional().describe("Width of the blocks; default: the encoder's."),
  heads: z.int().min(1).optional().describe("Attention heads; default: one for 64 of the width."),
  heldOut: z.int().min(1).default(64).describe("Images held out; the sheet shows the first eight."),
  seed: z.int().min(0).default(1).describe("Seed of the weights and of the order of images."),
});

type Parameters = z.infer<typeof parameters>;

const checkpointEvery = 50;
/** Held-out images on the sheet. */
const shown = 8;
/** Images whose mean is the picture that knows nothing. */
const mostForMean = 256;
const sheetFile = "sheet.webp";

export const stage: Stage<Parameters> = {
  kind: "train-reconstructor",
  writes: "reconstructor",
  summary: "Train a network that paints images from the tokens of a frozen encoder.",
  scope: "encoder",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { parameters: given, device, progress, signal } = context;
    const encoder = await readEncoder(given.encoder, { progress, signal });
    const reader = await openTokens(encoder, given.layer, { device, batch: given.batch });
    try {
      const { preprocessing } = encoder.card.input;
      const source = await openImages(given.images, { progress, signal });
      const shape = shapeOf(given, reader, doublingsOf(encoder.card, reader.grid));
      const images = heldOutOf(source.length, Math.min(given.heldOut, source.length));
      const held: HeldOut = {
        ...{ images, reader, size: pictureSize(shape), colours: coloursOf(preprocessing) },
        pictures: seenPictures(source, preprocessing, context.progress.note),
      };
      await train(context, { shape, held, total: source.length, card: encoder.digest });
    } finally {
      await reader.close();
    }
  },
};

function shapeOf(
  { depth, ...given }: Parameters,
  reader: TokenReader,
  doublings: number,
): ReconstructorShape {
  const width = given.width ?? reader.width;
  const heads = given.heads ?? headsOf(width);
  const shape = { tokenWidth: reader.width, grid: reader.grid, width, depth, heads, doublings };
  try {
    checkShape(shape);
  } catch (error) {
    throw new UserError((error as Error).message, { advice: "name another width or number of heads" });
  }
  return shape;
}

/** The divisor of the width that comes closest to a head for 64. */
function headsOf(width: number): number {
  const wanted = width / 64;
  const divisors = Array.from({ length: width }, (_, i) => i + 1).filter((n) => width % n === 0);
  return divisors.reduce((best, n) => (Math.abs(n - wanted) < Math.abs(best - wanted) ? n : best));
}

interface Work {
  readonly shape: ReconstructorShape;
  readonly held: HeldOut;
  /** Images of the source. */
  readonly total: number;
  /** Digest of the encoder. */
  readonly card: string;
}

async function train(context: StageContext<Parameters>, work: Work): Promise<void> {
  const { parameters: given, progress, scratch, signal } = context;
  const { shape, held, total, card } = work;
  const device = context.device as Device;
  const images = learntFrom(given, held, total);
  const steps = given.steps ?? Math.ceil((given.epochs * images.length) / given.batch);
  const key = { ...context.description, card, total };
  const store = openCheckpoint(scratch, key);
  const originals = await Promise.all(
    held.images.slice(0, shown).map((_, i) => held.pictures.readFrom(held.images, i)),
  );
  const sheet = new Sheet(
    originals.map((picture) => sized(picture, held.size).data),
    held.size,
    (name) => openCheckpoint(scratch, key, name),
  );
  await sheet.load(marksOf(steps).keys());
  const evaluate = async (weights: Readonly<Record<string, Tensor>>) => {
    const painter = await openPainter(reconstructorModel(weights, shape, held.colours), device);
    try {
      return await judge(held, painter, shown);
    } finally {
      await painter.close();
    }
  };

  const order = orderOf(images.length, given.batch, given.seed);
  const phase = progress.phase("train the reconstructor", steps, (await store.load())?.step ?? 0);
  let heldOutLoss = "";
  const trained = await trainReconstructor(
    { ...{ shape, steps, batch: given.batch, rate: given.rate }, schedule: given.schedule, seed: given.seed },
    {
      batch: (step) => batchOf(held, images, order(step)),
      judge: async (weights, done, isRow) => {
        const { loss, pictures } = await evaluate(weights);
        heldOutLoss = `, held out ${loss.toFixed(3)}`;
        if (isRow) {
          await sheet.add(done, rowsOf(pictures, originals.length).map(bytesOf));
          await writeFile(join(scratch, sheetFile), await sheet.encode());
        }
        return loss;
      },
      checkpoint: { store, every: checkpointEvery },
      signal,
      device,
      report: ({ loss }) => phase.advance(1, `loss ${loss.toFixed(3)}${heldOutLoss}`),
    },
  );
  const final = await evaluate(trained.weights);
  const constant = await judgeConstant(held, await meanPicture(held, images, mostForMean));
  phase.done(`${final.psnr.toFixed(1)} dB on held-out images, their mean ${constant.psnr.toFixed(1)}`);

  const description = { ...context.description, parameters: { ...given, card } };
  await writeArtifact(context.output, description, async (writer) => {
    const model = reconstructorModel(trained.weights, shape, held.colours);
    await writer.bytes(modelFile, encodeModel(model));
    await writer.json(aboutFile, aboutOf(given, work));
    await writer.table("history.parquet", trained.losses.table());
    await writer.bytes(sheetFile, await sheet.encode());
    Object.assign(writer.metrics, {
      ...{ parameters: trained.parameters, steps, trainLoss: trained.losses.final() },
      ...{ heldOutLoss: final.loss, heldOutPsnr: final.psnr },
      ...{ meanImageLoss: constant.loss, meanImagePsnr: constant.psnr },
    });
  });
}

/** Images by their number in the source: all that are not held out. */
function learntFrom({ batch }: Parameters, held: HeldOut, total: number): number[] {
  const isHeldOut = new Set(held.images);
  const images = Array.from({ length: total }, (_, image) => image).filter((image) => !isHeldOut.has(image));
  if (images.length < batch)
    throw new UserError(`${images.length} images are left to learn from, and a batch is ${batch}`, {
      advice: "name more images, fewer to hold out, or a smaller batch",
    });
  return images;
}

function aboutOf({ encoder, layer, images }: Parameters, { shape, held, card }: Work): About {
  const { tokenWidth, width, depth, heads } = shape;
  return {
    ...{ encoder, card, layer, tokenWidth, width, depth, heads },
    input: [...held.reader.input],
    grid: [...held.reader.grid],
    size: [...held.size],
    images: { source: images, heldOut: [...held.images] },
  };
}
