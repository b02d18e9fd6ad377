/** The stage train-superposition: digits, drawn or from a folder, through two numbers; a frame a step. */

import { writeArtifact } from "@optogram/artifacts";
import type { Stage } from "@optogram/cli";
import type { Device } from "@optogram/onnx";
import { z } from "zod";
import { drawDigits } from "./draw.ts";
import { readMnist } from "./mnist.ts";
import { anglesBetween, frameTable, pointTable } from "./tables.ts";
import { trainSuperposition } from "./train.ts";

const parameters = z.strictObject({
  mnist: z
    .string()
    .min(1)
    .optional()
    .describe("Folder of MNIST's four IDX files, gzipped or not. Default: digits are drawn."),
  digits: z.int().min(100).max(100_000).default(6000).describe("Digits to learn from, where they are drawn."),
  each: z.int().min(1).max(100).default(48).describe("Held-out digits of each class that are shown."),
  steps: z.int().min(1).max(2000).default(300).describe("Updates: one more than that are the frames."),
  batch: z.int().min(1).default(256).describe("Digits an update."),
  rate: z.number().positive().default(0.01).describe("Peak learning rate."),
  seed: z.int().min(0).default(1).describe("Seed of the drawn digits, the weights and the batches."),
});

type Parameters = z.infer<typeof parameters>;

/** Drawn digits that are judged and never learnt from. */
const heldOutDigits = 2000;

export const stage: Stage<Parameters> = {
  kind: "train-superposition",
  writes: "superposition",
  summary: "Train a network that tells ten digits apart by two numbers, and keep every step as a frame.",
  scope: "pipeline",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run({ parameters: settings, output, description, device, progress, signal }) {
    const reading = progress.phase(settings.mnist === undefined ? "draw digits" : "read MNIST");
    const { training, heldOut } = await digitsOf(settings);
    reading.done();
    const phase = progress.phase("train", settings.steps);
    const {
      frames,
      shown,
      heldOut: judged,
    } = await trainSuperposition(training, heldOut, settings, {
      signal,
      device: device as Device,
      report: ({ step, loss, accuracy }) =>
        phase.advance(step > 0 ? 1 : 0, `loss ${loss.toFixed(2)}, ${(100 * accuracy).toFixed(0)} % right`),
    });
    phase.done(`${(100 * judged.accuracy).toFixed(1)} % of held-out digits`);
    const angles = anglesBetween(frames[frames.length - 1].directions);
    await writeArtifact(output, description, async (writer) => {
      await writer.table("frames.parquet", frameTable(frames));
      await writer.table("points.parquet", pointTable(heldOut, shown));
      Object.assign(writer.metrics, {
        digits: training.labels.length,
        heldOut: { digits: heldOut.labels.length, ...judged },
        smallestAngle: angles[0],
        largestAngle: angles[angles.length - 1],
      });
    });
  },
};

async function digitsOf({ mnist, digits, seed }: Parameters) {
  if (mnist !== undefined) return readMnist(mnist);
  return {
    training: await drawDigits(seed, 0, digits),
    heldOut: await drawDigits(seed, digits, heldOutDigits),
  };
}
