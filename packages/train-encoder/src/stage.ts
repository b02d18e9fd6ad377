/** The stage train-encoder: scenes in, an encoder's folder out (card, model, history). */

import { openCheckpoint, table, writeArtifact } from "@optogram/artifacts";
import { type Stage, UserError } from "@optogram/cli";
import { freeBatch } from "@optogram/networks";
import { type Device, encodeModel, halveWeights } from "@optogram/onnx";
import { z } from "zod";
import { encoderCard, type Judged, modelFile } from "./card.ts";
import { type ProbeOptions, probeKinds } from "./evaluate.ts";
import type { Tensors } from "./objective.ts";
import { objectiveNames, objectives } from "./objectives.ts";
import { stepsOf } from "./settings.ts";
import { trainEncoder } from "./train.ts";

const parameters = z.strictObject({
  objective: z.enum(objectiveNames).default("sigmoid").describe("What it is trained to do."),
  name: z.string().optional().describe("Name on the card; without it the objective's, such as tiny-siglip."),
  size: z.int().min(16).default(64).describe("Side of the input in pixels."),
  patch: z.int().min(2).default(8).describe("Side of a patch in pixels."),
  width: z.int().min(16).default(192).describe("Width of the image tower."),
  depth: z.int().min(1).default(6).describe("Blocks of the image tower."),
  heads: z.int().min(1).default(6).describe("Attention heads of the image tower."),
  embedding: z
    .int()
    .min(8)
    .default(192)
    .describe("Dimensions of the joint space of images and captions, where the objective has one."),
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
  summary:
    "Train a small vision encoder on scenes, by one of several objectives (captions, kinds, masks, the pictures alone).",
  scope: "pipeline",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run({ parameters: settings, output, description, scratch, device, progress, signal }) {
    if (settings.size % settings.patch !== 0 || settings.width % settings.heads !== 0)
      throw new UserError("the size must be a multiple of the patch, and the width of the heads");
    const on = device as Device;
    const entry = objectives[settings.objective];
    const name = settings.name ?? entry.name;
    const objective = entry.of(settings);
    const store = openCheckpoint(scratch, description);
    const resumed = (await store.load())?.step ?? 0;
    const phase = progress.phase("train", stepsOf(settings), resumed);
    const variables = await trainEncoder(objective, settings, {
      checkpoint: { store, every: checkpointEvery },
      signal,
      device: on,
      report: ({ loss }) => phase.advance(1, `loss ${loss.toFixed(3)}`),
    });
    phase.done();
    const measure = async (what: string, state: Tensors): Promise<Judged> => {
      const measuring = progress.phase(`judge the ${what} network`);
      const probes = await probeKinds(objective.tower(state, probeBatch), probeOptions(settings, on));
      const own = await objective.judge(state, {
        seed: settings.seed + 1_000_003,
        count: settings.heldOut,
        batch: probeBatch,
        device: on,
      });
      const kinds = `${(100 * probes.nearestNeighbours).toFixed(1)} % of kinds by nearest neighbours`;
      measuring.done(`${kinds}; ${own.measure}: ${own.value.toPrecision(3)}`);
      return { probes, own };
    };
    const trained = await measure("trained", variables.final);
    const random = await measure("untrained", variables.initial);
    await writeArtifact(output, description, async (writer) => {
      const model = halveWeights(freeBatch(objective.tower(variables.final, exportBatch), exportBatch));
      await writer.bytes(modelFile, encodeModel(model));
      const command = commandOf(name, settings);
      const weights = variables.final;
      const facts = { name, command, settings, entry, weights, trained, random };
      await writer.json("card.json", encoderCard(facts));
      await writer.table("history.parquet", table(variables.history.columns()));
      writer.metrics.trained = trained.probes;
      writer.metrics.random = random.probes;
      writer.metrics.own = { ...trained.own, random: random.own.value };
    });
  },
};

/** What to type for the same encoder: every parameter that is not the default. */
function commandOf(name: string, settings: Parameters): string {
  const defaults: Readonly<Record<string, unknown>> = parameters.parse({});
  const flags = Object.entries(settings)
    .filter(([key, value]) => value !== defaults[key])
    .map(([key, value]) => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`);
  return ["npx optogram train-encoder", `--out models/${name}`, ...flags].join(" ");
}

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
