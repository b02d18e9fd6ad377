/** What the stage is told: its flags, what is wrong with them, and how to type them again. */

import { UserError } from "@optogram/cli";
import { z } from "zod";
import type { ObjectiveEntry } from "./objective.ts";
import { objectiveNames, objectives } from "./objectives.ts";
import { networks } from "./settings.ts";

export const parameters = z.strictObject({
  objective: z.enum(objectiveNames).default("sigmoid").describe("What it is trained to do."),
  network: z
    .enum(networks)
    .default("vit")
    .describe("The image tower: a vision transformer or a ConvNeXt of as many weights and tokens."),
  teacher: z
    .string()
    .min(1)
    .optional()
    .describe(
      "With distillation, the encoder to learn from: a folder in models/, or a path. Default: tiny-dino.",
    ),
  backbone: z
    .string()
    .min(1)
    .optional()
    .describe(
      "With text-alignment, the encoder to align texts to: a folder in models/, or a path. Default: tiny-dino.",
    ),
  name: z.string().optional().describe("Name on the card; without it the objective's, such as tiny-siglip."),
  size: z.int().min(16).default(64).describe("Side of the input in pixels."),
  patch: z
    .int()
    .min(2)
    .default(8)
    .describe("Side of a patch in pixels; of a ConvNet the stride of its last map."),
  width: z
    .int()
    .min(16)
    .default(192)
    .describe("Width of the image tower; of a ConvNet that of its last stage."),
  depth: z
    .int()
    .min(1)
    .default(6)
    .describe(
      "Blocks of the image tower; a ConvNet has as many as give it the weights of such a transformer.",
    ),
  heads: z.int().min(1).default(6).describe("Attention heads of the transformer."),
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

export type Parameters = z.infer<typeof parameters>;

/** @throws UserError where parameters do not go together. */
export function checkParameters(settings: Parameters): void {
  const { objective, network, size, patch, width, heads, teacher, backbone } = settings;
  const isConvNet = network === "convnext";
  if (isConvNet && objective === "text-alignment")
    throw new UserError("text-alignment trains no image tower of its own", {
      advice: "leave --network out, and name the encoder with --backbone",
    });
  if (isConvNet && entryOf(settings).convNetName === undefined)
    throw new UserError(`${objective} hides patches, which a ConvNet cannot leave out`, {
      advice: "train it with --network vit, or a ConvNet for another objective",
    });
  if (size % patch !== 0)
    throw new UserError(`the size ${size} is no multiple of the patch ${patch}`, {
      advice: `take ${patch * Math.max(1, Math.round(size / patch))}, or another patch`,
    });
  if (isConvNet && (patch % 2 !== 0 || width % 2 !== 0))
    throw new UserError(`a ConvNet halves the patch ${patch} and the width ${width} in its first stage`, {
      advice: "take even ones",
    });
  if (!isConvNet && width % heads !== 0)
    throw new UserError(`the width ${width} is no multiple of the ${heads} heads`, {
      advice: "change either",
    });
  if (backbone !== undefined && objective !== "text-alignment")
    throw new UserError(`${objective} has no backbone to name`, {
      advice: "leave --backbone out, or take --objective text-alignment",
    });
  if (teacher !== undefined && objective !== "distillation")
    throw new UserError(`${objective} has no teacher to name`, {
      advice: "leave --teacher out, or take --objective distillation",
    });
}

/** The encoder's name on its card. */
export function nameOf(settings: Parameters): string {
  const { name, convNetName = name } = entryOf(settings);
  return settings.name ?? (settings.network === "convnext" ? convNetName : name);
}

function entryOf({ objective }: Parameters): ObjectiveEntry {
  return objectives[objective];
}

/** What to type for the same encoder: every parameter that is not the default. */
export function commandOf(name: string, settings: Parameters): string {
  const defaults: Readonly<Record<string, unknown>> = parameters.parse({});
  const flags = Object.entries(settings)
    .filter(([key, value]) => value !== defaults[key])
    .map(([key, value]) => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`);
  return ["npx optogram train-encoder", `--out models/${name}`, ...flags].join(" ");
}
