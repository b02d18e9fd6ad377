/** What a text tower is, as data. */

import { z } from "zod";

const count = z.int().min(1);

export const textArchitectureSchema = z
  .strictObject({
    naming: z
      .enum(["open_clip", "dino.txt"])
      .default("open_clip")
      .describe("Whose names the checkpoint's tensors have."),
    context: count.default(77).describe("Tokens a text; shorter ones are padded, longer ones cut."),
    vocabulary: count.default(49_408).describe("Number of different tokens."),
    width: count.default(512).describe("Channels of a token."),
    depth: count.default(12).describe("Blocks."),
    heads: count.default(8).describe("Attention heads; they divide the width."),
    expansion: count.default(4).describe("Width of the hidden layer over the width of the network."),
    embedding: count.default(512).describe("Dimensions of the joint space."),
    activation: z
      .enum(["gelu", "gelu-tanh", "quick-gelu"])
      .default("gelu")
      .describe("gelu-tanh: its approximation by tanh. quick-gelu: x σ(1.702 x)."),
    epsilon: z.number().positive().default(1e-5).describe("Added to variances by LayerNorm."),
    causal: z.boolean().default(true).describe("Each token sees those up to itself."),
    biased: z.boolean().default(true).describe("Queries, keys and values have a bias."),
    pool: z
      .enum(["end", "last"])
      .default("end")
      .describe("end: the token of the largest id, CLIP's end of text. last: the last place (SigLIP)."),
    projection: z
      .enum(["matrix", "linear", "linear-bias"])
      .default("matrix")
      .describe(
        "How the joint space is reached. matrix: x P, P [width, embedding]. linear: x Wᵀ, W [embedding, width]; with bias.",
      ),
  })
  .refine(({ width, heads }) => width % heads === 0, "heads must divide width");

export type TextArchitecture = z.infer<typeof textArchitectureSchema>;

const siglip: z.input<typeof textArchitectureSchema> = {
  context: 64,
  width: 768,
  heads: 12,
  embedding: 768,
  epsilon: 1e-6,
  causal: false,
  pool: "last",
  projection: "linear-bias",
};

/** Published text towers, by the names of the models that they belong to. */
export const textPresets: Readonly<Record<string, TextArchitecture>> = Object.fromEntries(
  Object.entries({
    "clip-base-quickgelu": { activation: "quick-gelu" },
    "clip-base": {},
    "siglip-base": { ...siglip, vocabulary: 32_000 },
    "siglip2-base": { ...siglip, vocabulary: 256_000, activation: "gelu-tanh" },
    "dinotxt-large": {
      naming: "dino.txt",
      width: 1280,
      depth: 24,
      heads: 20,
      embedding: 2048,
      biased: false,
      projection: "linear",
    },
  } satisfies Record<string, z.input<typeof textArchitectureSchema>>).map(([name, preset]) => [
    name,
    textArchitectureSchema.parse(preset),
  ]),
);
