/** The stage train-encoder: scenes in, an encoder's folder out (card, model, history). */

import { openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import { type Stage, UserError } from "@optogram/cli";
import { freeBatch } from "@optogram/networks";
import { type Device, encodeModel, halveWeights, type Tensor } from "@optogram/onnx";
import { z } from "zod";
import { contrastiveCard, modelFile } from "./card.ts";
import { imageTowerModel } from "./contrastive.ts";
import { type ProbeOptions, probeKinds } from "./evaluate.ts";
import { contrastiveShape, trainContrastive } from "./train.ts";

const parameters = z.strictObject({
  name: z.string().default("tiny-siglip").describe("Name on the card."),
  size: z.int().min(16).default(64).describe("Side of the input in pixels."),
  patch: z.int().min(2).default(8).describe("Side of a patch in pixels."),
  width: z.int().min(16).default(192).describe("Width of the image tower."),
  depth: z.int().min(1).default(6).describe("Blocks of the image tower."),
  heads: z.int().min(1).default(6).describe("Attention heads of the image tower."),
  embedding: z.int().min(8).default(192).describe("Dimensions of the joint space of images and captions."),
  samples: z.int().min(1).default(512_000).describe("Scenes seen, each once."),
  batch: z.int().min(2).default(64).describe("Scenes a step."),
  rate: z.number().positive().default(1e-3).describe("Peak learning rate."),
  weightDecay: z.number().min(0).default(0.05).describe("Decoupled weight decay of matrices."),
  seed: z.int().min(0).default(1).describe("Seed of the weights and of the scenes."),
  heldOut: z.int().min(40).default(2000).describe("Held-out scenes of a single thing that are named."),
});

type Parameters = z.infer<typeof parameters>;

const checkpointEvery = 50;
const probeBatch = 40;
/** A batch size that no size of the network equals, so that it can be told from them. */
const exportBatch = 7;

export const stage: Stage<Parameters> = {
  kind: "train-encoder",
  writes: "encoder",
  summary: "Train a small vision encoder on scenes and their captions (pairwise sigmoid contrast).",
  scope: "pipeline",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run({ parameters: settings, output, description, scratch, device, progress, signal }) {
    if (settings.size % settings.patch !== 0 || settings.width % settings.heads !== 0)
      throw new UserError("the size must be a multiple of the patch, and the width of the heads");
    const on = device as Device;
    const store = openCheckpoint(scratch, description);
    const resumed = (await store.load())?.step ?? 0;
    const steps = Math.ceil(settings.samples / settings.batch);
    const phase = progress.phase("train", steps, resumed);
    const weights = await trainContrastive(settings, {
      checkpoint: { store, every: checkpointEvery },
      signal,
      device: on,
      report: ({ loss }) => phase.advance(1, `loss ${loss.toFixed(3)}`),
    });
    phase.done();
    const shape = contrastiveShape(settings);
    const measure = async (name: string, tensors: Readonly<Record<string, Tensor>>) => {
      const measuring = progress.phase(name);
      const tower = imageTowerModel(shape, tensors, probeBatch);
      const probes = await probeKinds(tower, probeOptions(settings, on));
      measuring.done(`${(100 * probes.nearestNeighbours).toFixed(1)} % of kinds by nearest neighbours`);
      return probes;
    };
    const trained = await measure("judge the trained network", weights.final);
    const random = await measure("judge the untrained network", weights.initial);
    await writeArtifact(output, description, async (writer) => {
      const model = halveWeights(freeBatch(imageTowerModel(shape, weights.final, exportBatch), exportBatch));
      await writer.bytes(modelFile, encodeModel(model));
      await writer.json(
        "card.json",
        contrastiveCard(settings.name, settings, weights.final, trained, random),
      );
      await writer.table("history.parquet", table(weights.history.columns()));
      writer.metrics.trained = trained;
      writer.metrics.random = random;
    });
  },
};

/** Seeds beside the training's own: no scene is shared. */
function probeOptions(settings: Parameters, device: Device): ProbeOptions {
  return {
    size: settings.size,
    batch: probeBatch,
    bankSeed: settings.seed + 1_000_001,
    querySeed: settings.seed + 1_000_002,
    bank: 2 * settings.heldOut,
    queries: settings.heldOut,
    device,
  };
}
