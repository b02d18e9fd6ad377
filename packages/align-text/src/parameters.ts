/** What the stage is told. */

import { UserError } from "@optogram/cli";
import type { TextEncoder } from "@optogram/encoders";
import { z } from "zod";
import { heuristics } from "./confidence.ts";
import { templateLists, templateNames } from "./prompts.ts";

const share = z.number().min(0).max(1);

export const parameters = z.strictObject({
  templates: z
    .enum(templateNames)
    .default("article")
    .describe("Texts of a class: its name, with an article, as a photo, or CLIP's 80."),
  ownTemplates: z
    .array(z.string().min(2))
    .default([])
    .describe("Templates of your own instead, with {} where the name goes."),
  names: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe("What texts call a label, where that is not the label: n01440764 is a tench."),
  queries: z.array(z.string()).default([]).describe("Texts to find images for."),
  words: z
    .array(z.string())
    .default([])
    .describe("Texts beside the classes that features may be called: at sea, red."),
  top: z.int().min(1).max(10_000).default(12).describe("Images that are found for a query."),
  captions: z
    .int()
    .min(0)
    .default(1000)
    .describe("Images whose own captions are looked for, and they for their captions."),
  debug: z
    .array(
      z.strictObject({
        image: z.int().min(0).describe("Position of the image in its set."),
        prompts: z.array(z.string()).min(1),
        crops: z
          .array(z.tuple([share, share, share, share]))
          .default([])
          .describe("Left, top, width and height of parts of the image, as shares of its sides."),
      }),
    )
    .default([])
    .describe("Images to be looked at prompt by prompt, part by part and word by word."),
  heuristic: z
    .enum(Object.keys(heuristics) as [keyof typeof heuristics])
    .default("0.08 and 25")
    .describe("Threshold and temperature where there is nothing to fit them on."),
  batch: z.int().min(1).max(1024).default(32).describe("Texts at a time."),
  seed: z.int().min(0).default(1).describe("Seed of halves, draws and pairs."),
});

export type Parameters = z.infer<typeof parameters>;

export function templatesOf({ templates, ownTemplates }: Parameters): readonly string[] {
  return ownTemplates.length > 0 ? ownTemplates : templateLists[templates];
}

/**
 * @returns a line for each text that is cut
 * @throws UserError for an empty text
 */
export function checkTexts(texts: readonly string[], what: string, encoder: TextEncoder): string[] {
  const empty = texts.findIndex((text) => text.trim() === "");
  if (empty >= 0)
    throw new UserError(`"${what}" has an empty text at ${empty}`, { advice: "write one, or leave it out" });
  return texts.flatMap((text) => {
    const length = encoder.length(text);
    if (length <= encoder.context) return [];
    const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    return [`"${start}" has ${length} tokens, of which the encoder reads ${encoder.context}`];
  });
}
