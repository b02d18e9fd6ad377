/** The text side of an encoder, as its card's `text` says it: a text tower and how texts become its input. */

import { repositorySchema, revisionSchema } from "@optogram/hub";
import { z } from "zod";
import { cleaningNames } from "./clean.ts";
import { textArchitectureSchema } from "./schema.ts";

/** A path inside the card's folder. */
const beside = z
  .string()
  .min(1)
  .refine(
    (path) => !/[\\:]/.test(path) && !path.split("/").some((part) => part === ".." || part === ""),
    "the file lies in the card's folder: a relative path without ..",
  );

const word = z.string().regex(/^\S+$/, "a word has no space and is not empty");

export const tokenizerSchema = z.union([
  z
    .strictObject({
      vocabulary: z
        .array(word)
        .min(1)
        .max(1_000_000)
        .describe("All words that the tower knows: word i is token i + 1, and 0 is padding."),
    })
    .describe("A closed list of words, with spaces between them."),
  z
    .strictObject({
      file: beside.describe("tokenizer.json, or CLIP's bpe_simple_vocab_16e6.txt.gz."),
      clean: z.enum(cleaningNames).default("none").describe("What is done to a text first."),
      pad: z.int().min(0).default(0).describe("The token that fills up the context."),
    })
    .describe("A tokenizer in Hugging Face's format."),
]);

const shared = {
  tokenizer: tokenizerSchema,
  repo: repositorySchema
    .optional()
    .describe("Repository on the Hugging Face hub with the files that are not in the card's folder."),
  revision: revisionSchema.default("main").describe("Branch, tag or commit of it."),
  temperature: z
    .number()
    .positive()
    .default(100)
    .describe("What cosines are multiplied by before a softmax over texts or images."),
};

export const textSideSchema = z.union([
  z.strictObject({
    file: beside
      .regex(/\.onnx$/, "an ONNX file's name ends in .onnx")
      .describe("ONNX file: input ids int64 [batch, context], output embedding [batch, e]."),
    context: z.int().min(1).max(65_536).describe("Tokens a text; shorter ones are padded, longer ones cut."),
    ...shared,
  }),
  z.strictObject({
    weights: beside
      .regex(/\.(safetensors|pth|pt|bin)$/, "weights are .safetensors, .pth, .pt or .bin files")
      .describe("The checkpoint that holds the tower."),
    prefix: z.string().default("").describe("What stands before the tower's names in it: text. for example."),
    architecture: z
      .union([z.string().min(1), textArchitectureSchema])
      .describe("A preset's name (clip-base, siglip2-base, dinotxt-large, …), or all fields."),
    imageProjection: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Where the image tower's embedding is not in the joint space yet: the tensor P [width, e] of the checkpoint that brings it there, x P.",
      ),
    ...shared,
  }),
]);

export type TextSide = z.infer<typeof textSideSchema>;
export type TokenizerCard = z.infer<typeof tokenizerSchema>;
