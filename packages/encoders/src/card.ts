/** `card.json`: what an encoder is, how pictures become its input, and which of its tensors are its outputs. */

import { repositoryPathSchema, repositorySchema, revisionSchema, sha256Schema } from "@optogram/hub";
import { preprocessingSchema } from "@optogram/images";
import { z } from "zod";
import { textSideSchema } from "./text/card.ts";

const tensorName = z.string().min(1);

/** A file in the card's folder. */
const ownFile = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !path.includes("\\") &&
      !path.includes(":") &&
      !path.split("/").some((part) => part === ".." || part === ""),
    "the file lies in the card's folder: a relative path without ..",
  );

const modelFile = ownFile.regex(/\.onnx$/, "an ONNX file's name ends in .onnx");

const weightsName = /\.(?:onnx|safetensors|pth|pt|bin)$/;
const unknownFormat = "weights are .safetensors, .pth, .pt or .bin, a whole model .onnx";

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

export const outputsSchema = z.strictObject({
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

/** What encoders are trained to do, in the field's terms. */
export const objectives = [
  "contrastive",
  "captioning",
  "masked modelling",
  "self-distillation",
  "segmentation",
  "LLM alignment",
  "distillation",
  "supervised",
] as const;

const about = {
  name: encoderName,
  title: z.string().min(1).describe("One line for people."),
  parameters: z.int().min(0).optional().describe("Number of weights."),
  objective: z.string().optional().describe("What it was trained to do, in words."),
  objectives: z.array(z.enum(objectives)).min(1).optional().describe("What it was trained to do, by kind."),
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

export const hubWeightsSchema = z.strictObject({
  repo: repositorySchema.describe("Repository on the Hugging Face hub, OWNER/NAME."),
  file: repositoryPathSchema
    .regex(weightsName, unknownFormat)
    .describe("The file in it. One of that name in the card's folder goes before it."),
  with: z
    .array(repositoryPathSchema)
    .min(1)
    .optional()
    .describe("Files of the repository that have to lie beside it: an ONNX model's external data."),
  revision: revisionSchema.default("main").describe("Branch, tag or commit."),
  sha256: sha256Schema.optional().describe("Digest of the file."),
  size: z.int().min(1).optional().describe("Bytes of the file."),
  login: z
    .literal(true)
    .optional()
    .describe("Where the hub wants a login and the licence accepted on the repository's page."),
});

const localWeightsSchema = z.strictObject({
  file: ownFile.regex(weightsName, unknownFormat).describe("A file in the card's folder."),
});

export const headSchema = z.strictObject({
  weights: z
    .union([localWeightsSchema, hubWeightsSchema])
    .describe("The file with the head, which may hold a text tower too."),
  prefix: z.string().default("visual_model.head.").describe("What stands before the head's names in it."),
  depth: z.int().min(1).default(2).describe("Blocks."),
  heads: z.int().min(1).default(16).describe("Attention heads; they divide the width of the tokens."),
  hidden: z.int().min(1).default(2752).describe("Channels of the gated hidden layer."),
});

const card = {
  $schema: z.string().optional(),
  ...about,
  file: modelFile.optional().describe("The ONNX file, in the card's folder."),
  weights: z
    .union([
      z.literal("random").describe("Drawn from the seed, as before training: a control."),
      localWeightsSchema,
      hubWeightsSchema,
    ])
    .optional()
    .describe("Where the architecture's weights, or the ONNX file, come from; instead of file."),
  seed: z.int().min(0).optional().describe("With weights random: what they are drawn from."),
  architecture: z
    .union([z.string().min(1), z.looseObject({})])
    .optional()
    .describe(
      'The network that the weights fill: a preset\'s name, or {"preset": NAME, …} with fields that differ, or all fields.',
    ),
  head: headSchema
    .optional()
    .describe(
      "dino.txt's head on the architecture's tokens: its embedding, the class token beside the mean of the patches, is the encoder's.",
    ),
  patch: z.int().min(1).optional().describe("Side of a patch in pixels."),
  tokens: z.int().min(1).optional().describe("Tokens of an image, those before the patches included."),
  input: z.strictObject({
    tensor: tensorName
      .optional()
      .describe("The input's name; may be left out where there is one input only."),
    preprocessing: preprocessingSchema,
  }),
  text: textSideSchema.optional().describe("The tower that brings texts to where the embeddings are."),
};

const normalised = z.boolean().default(false).describe("Bring embeddings to unit length.");

/** A card whose outputs are all named: what the other packages read. */
export const cardSchema = z.strictObject({ ...card, outputs: outputsSchema, normalised });

/** A card as it stands in a file: an architecture knows its outputs itself. */
export const cardFileSchema = z
  .strictObject({ ...card, outputs: outputsSchema.optional(), normalised })
  .superRefine((given, context) => {
    for (const [path, message] of contradictions(given)) {
      context.addIssue({ code: "custom", path: [path], message });
    }
  });

type Stated = Partial<Record<"file" | "weights" | "architecture" | "outputs" | "seed" | "head", unknown>>;

/** What no single field can say: [field, what is wrong with it]. */
function contradictions({ file, weights, architecture, outputs, seed, head }: Stated): [string, string][] {
  const random = weights === "random";
  const onnx = file !== undefined || fileOf(weights).endsWith(".onnx");
  const wrong: [boolean, string, string][] = [
    [file === undefined && weights === undefined, "file", 'name the ONNX "file", or "weights"'],
    [file !== undefined && weights !== undefined, "weights", 'there is a "file" already'],
    [random !== (seed !== undefined), "seed", '"seed" belongs to "weights": "random", and that needs it'],
    [onnx && architecture !== undefined, "architecture", "an ONNX file brings its own"],
    [
      !onnx && weights !== undefined && architecture === undefined,
      "architecture",
      "say which network the weights are for: a preset's name, or its fields",
    ],
    [
      head !== undefined && (architecture === undefined || random),
      "head",
      "a head stands on an architecture whose weights are in a file",
    ],
    [onnx && outputs === undefined, "outputs", "say which tensors of the ONNX file are the outputs"],
  ];
  return wrong.flatMap(([is, path, message]) => (is ? [[path, message] as [string, string]] : []));
}

function fileOf(weights: unknown): string {
  if (typeof weights !== "object" || weights === null || !("file" in weights)) return "";
  return String(weights.file);
}

/** A control: another encoder's network with weights drawn anew. Everything else is as on that encoder's card. */
export const randomCardSchema = z.strictObject({
  $schema: z.string().optional(),
  ...about,
  weights: z.literal("random"),
  of: encoderName.describe("The encoder whose network this is: a folder beside this card's."),
  seed: z.int().min(0),
});

export type Card = z.infer<typeof cardSchema>;
export type CardFile = z.infer<typeof cardFileSchema>;
export type RandomCard = z.infer<typeof randomCardSchema>;
export type HubWeights = z.infer<typeof hubWeightsSchema>;
export type TokensOutput = z.infer<typeof tokensSchema>;
export type CardOutputs = z.infer<typeof outputsSchema>;
