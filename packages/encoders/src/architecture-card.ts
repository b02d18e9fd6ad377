/** What a card need not say where it names an architecture: outputs by name, and what follows for the input's size. */

import { inputSize, type Preprocessing } from "@optogram/images";
import { type Architecture, architectureSchema, layoutOf, presets } from "./architectures/index.ts";
import { type Card, type CardOutputs, outputsSchema } from "./card.ts";
import { EncoderError } from "./error.ts";

/**
 * The architecture of a card: a preset by name, a preset with fields that differ, or all fields.
 * @throws EncoderError; `where` begins its line
 */
export function architectureOf(stated: NonNullable<Card["architecture"]>, where: string): Architecture {
  if (typeof stated === "string") return presetOf(stated, where);
  const { preset, ...fields } = stated;
  const base = preset === undefined ? {} : presetOf(preset, where);
  const result = architectureSchema.safeParse({ ...base, ...fields });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EncoderError(
    `${where}: ${["architecture", ...(issue?.path ?? [])].join(".")}: ${issue?.message}`,
  );
}

function presetOf(name: unknown, where: string): Architecture {
  if (typeof name === "string" && Object.hasOwn(presets, name)) return presets[name];
  throw new EncoderError(
    `${where}: architecture: there is no preset ${JSON.stringify(name)}; there are ${Object.keys(presets).join(", ")}`,
  );
}

/**
 * timm's tokens and embedding, and every block's or stage's output. Of SAM, tokens are the last block's and `neck` what
 * becomes of them.
 * @throws EncoderError where the input's size does not suit
 */
export function outputsOf(
  architecture: Architecture,
  preprocessing: Preprocessing,
  where: string,
): CardOutputs {
  const { grid, prefix, tokens: layout, layers } = layoutAt(architecture, preprocessing, where);
  const one = (tensor: string) =>
    layout === "map" ? { tensor, layout } : { tensor, layout, prefix, grid: [...grid] };
  const beforeNeck = architecture.family === "sam" ? (layers.at(-1) as string) : "tokens";
  return outputsSchema.parse({
    embedding: { tensor: "embedding" },
    tokens: one(beforeNeck),
    layers: {
      ...Object.fromEntries(layers.map((name) => [name, one(name)])),
      ...(architecture.family === "sam" && { neck: one("tokens") }),
    },
  });
}

/** Numbers on a card that say again what follows from its architecture have to be right. */
export function checkShape(card: Card, architecture: Architecture, where: string): void {
  const { grid, prefix } = layoutAt(architecture, card.input.preprocessing, where);
  const known = { patch: architecture.patch, tokens: prefix + grid[0] * grid[1] };
  for (const [field, value] of Object.entries(known)) {
    const stated = card[field as "patch" | "tokens"];
    if (stated !== undefined && stated !== value) {
      throw new EncoderError(
        `${where}: ${field}: the architecture has ${value} at this size, the card says ${stated}`,
      );
    }
  }
}

/** A head reads a class token and patches, in blocks of the backbone's width. */
export function checkHead({ head, input }: Card, architecture: Architecture, where: string): void {
  if (head === undefined) return;
  const { width } = layoutAt(architecture, input.preprocessing, where);
  const { family } = architecture;
  if (!(family === "eva" || (family === "vit" && architecture.classToken)))
    throw new EncoderError(`${where}: head: the architecture has no class token that a head could read`);
  if (width % head.heads !== 0)
    throw new EncoderError(`${where}: head.heads: ${head.heads} do not divide the width of tokens, ${width}`);
}

function layoutAt(architecture: Architecture, preprocessing: Preprocessing, where: string) {
  try {
    return layoutOf(architecture, inputSize(preprocessing));
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error;
    throw new EncoderError(`${where}: input.preprocessing.size: ${error.message}`, { cause: error });
  }
}
