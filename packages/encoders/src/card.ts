/** `card.json`: what an encoder is, how pictures become its input, and which of its tensors are its outputs. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { preprocessingSchema } from "@optogram/images";
import { z } from "zod";

/** A card, or an encoder, that cannot be used: one line that says where, what is wrong and what to do. */
export class EncoderError extends Error {
  override readonly name = "EncoderError";
}

/** What another library says, cut to one line. */
export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0];
}

const tensorName = z.string().min(1);

const modelFile = z
  .string()
  .regex(/\.onnx$/, "an ONNX file's name ends in .onnx")
  .refine(
    (path) =>
      !path.includes("\\") &&
      !path.includes(":") &&
      !path.split("/").some((part) => part === ".." || part === ""),
    "the file lies in the card's folder: a relative path without ..",
  );

const encoderName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|$)){0,127}$/,
    "a name is letters, digits, -, _ and single dots",
  );

const tokensSchema = z.strictObject({
  tensor: tensorName.describe("Any tensor of the model, inner ones included."),
  layout: z
    .enum(["tokens", "map"])
    .default("tokens")
    .describe("tokens: [n, tokens, width]. map: [n, width, height, width of the grid]."),
  prefix: z.int().min(0).default(0).describe("Tokens before those of the patches (class token, registers)."),
  grid: z
    .tuple([z.int().min(1), z.int().min(1)])
    .optional()
    .describe("[rows, columns] of the patches; a square where absent."),
});

const outputsSchema = z.strictObject({
  embedding: z.strictObject({
    tensor: tensorName.describe("Any tensor of the model, inner ones included."),
    pool: z
      .enum(["none", "mean", "cls", "spatial-mean"])
      .default("none")
      .describe(
        "none: [n, …] flattened. mean, cls: of [n, tokens, width] the mean of tokens, or the first. spatial-mean: of [n, width, rows, columns] the mean of places.",
      ),
    prefix: z.int().min(0).default(0).describe("With mean: leading tokens that do not count."),
  }),
  tokens: tokensSchema.optional().describe("The last layer's tokens, one a patch."),
  layers: z
    .record(z.string().min(1), tokensSchema)
    .default({})
    .describe("Tokens of further layers, by name."),
});

const about = {
  name: encoderName,
  title: z.string().min(1).describe("One line for people."),
  parameters: z.int().min(0).optional().describe("Number of weights."),
  objective: z.string().optional().describe("What it was trained to do."),
  licence: z.string().optional(),
  source: z.string().optional().describe("Where the weights come from."),
  command: z.string().optional().describe("What to type to train it again."),
  trainedOn: z.string().optional(),
  samples: z.int().min(0).optional().describe("Pictures seen in training, each as often as it was seen."),
  reference: z.string().optional().describe("Paper, page or command."),
  scores: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .optional()
    .describe("Measured scores by name."),
};

export const cardSchema = z.strictObject({
  $schema: z.string().optional(),
  ...about,
  file: modelFile.describe("The ONNX file, in the card's folder."),
  input: z.strictObject({
    tensor: tensorName
      .optional()
      .describe("The input's name; may be left out where there is one input only."),
    preprocessing: preprocessingSchema,
  }),
  outputs: outputsSchema,
  normalised: z.boolean().default(false).describe("Bring embeddings to unit length."),
});

/** A control: another encoder's network with weights drawn anew. Everything else is as on that encoder's card. */
export const randomCardSchema = z.strictObject({
  $schema: z.string().optional(),
  ...about,
  weights: z.literal("random"),
  of: encoderName.describe("The encoder whose network this is: a folder beside this card's."),
  seed: z.int().min(0),
});

export type Card = z.infer<typeof cardSchema>;
export type RandomCard = z.infer<typeof randomCardSchema>;
export type TokensOutput = z.infer<typeof tokensSchema>;

/** A card with everything that says which numbers come out. */
export interface ResolvedCard {
  /** For a control: the network's card under the control's name, title and description. */
  readonly card: Card;
  /** Absolute path of the ONNX file. */
  readonly model: string;
  /** Set where the weights are to be drawn anew. */
  readonly randomSeed?: number;
  /** sha256 over the card, or both cards of a control, and the ONNX file with its external data; in hexadecimal. */
  readonly digest: string;
}

const workspace = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Reads a card: a plain name is a folder in `models/` of the workspace, anything with a slash the path of a folder with
 * a `card.json` (from the working folder, where it is relative).
 * @throws EncoderError
 */
export async function readCard(nameOrFolder: string): Promise<ResolvedCard> {
  const folder = folderOf(nameOrFolder);
  const json = await readJson(join(folder, "card.json"));
  if (!isRandom(json)) return resolveCard(folder, check(cardSchema, json, folder), []);
  const control = check(randomCardSchema, json, folder);
  const { $schema, weights, of, seed, ...description } = control;
  const original = join(dirname(folder), of);
  const network = await readJson(join(original, "card.json"));
  if (isRandom(network)) throw new EncoderError(`${folder}: "of" names ${of}, which is itself a control`);
  const { input, outputs, normalised, file, parameters } = check(cardSchema, network, original);
  const card: Card = {
    ...(parameters !== undefined && { parameters }),
    ...description,
    file,
    input,
    outputs,
    normalised,
  };
  return { ...(await resolveCard(original, card, [weights, seed])), randomSeed: seed };
}

function folderOf(nameOrFolder: string): string {
  return /[/\\]/.test(nameOrFolder) ? resolve(nameOrFolder) : join(workspace, "models", nameOrFolder);
}

async function resolveCard(folder: string, card: Card, extra: readonly unknown[]): Promise<ResolvedCard> {
  const model = join(folder, card.file);
  const hash = createHash("sha256").update(JSON.stringify([card, extra]));
  try {
    for (const file of await weightFiles(model))
      for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch (error) {
    throw new EncoderError(
      `${folder}: the card's file ${card.file} cannot be read (${(error as Error).message})`,
      { cause: error },
    );
  }
  return { card, model, digest: hash.digest("hex") };
}

/** The model, and beside it what exporters call NAME.onnx.data or NAME.onnx_data: weights of large models. */
async function weightFiles(model: string): Promise<string[]> {
  const beside = (await readdir(dirname(model))).filter((name) => name.startsWith(basename(model)));
  return [
    model,
    ...beside
      .sort()
      .map((name) => join(dirname(model), name))
      .filter((file) => file !== model),
  ];
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    const name = basename(dirname(path));
    throw new EncoderError(
      `${path} is missing: an encoder is a folder in models/ with a card.json, and there is none for "${name}"`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EncoderError(`${path}: not JSON (${(error as Error).message})`);
  }
}

function isRandom(json: unknown): boolean {
  return typeof json === "object" && json !== null && "weights" in json;
}

function check<T>(schema: z.ZodType<T>, json: unknown, folder: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".");
  throw new EncoderError(`${join(folder, "card.json")}: ${path ? `${path}: ` : ""}${issue?.message}`);
}
