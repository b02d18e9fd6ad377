/** From a name to a card that says everything: its file read and checked, controls and architectures resolved. */

import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { architectureOf, checkHead, checkShape, outputsOf } from "./architecture-card.ts";
import type { Architecture } from "./architectures/index.ts";
import { type Card, cardFileSchema, cardSchema, randomCardSchema } from "./card.ts";
import { EncoderError } from "./error.ts";

/** A card with everything that says which numbers come out. */
export interface ResolvedCard {
  /** For a control: the network's card under the control's name, title and description. */
  readonly card: Card;
  /** Absolute path of the folder that the network's files lie in. */
  readonly folder: string;
  /** Set where the network is built from weights. */
  readonly architecture?: Architecture;
  /** Set where the weights are to be drawn anew. */
  readonly randomSeed?: number;
}

const workspace = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Reads a card: a plain name is a folder in `models/` of the workspace, anything with a slash the path of a folder with
 * a `card.json` (from the working folder, where it is relative). Weights are neither needed nor looked for.
 * @throws EncoderError
 */
export async function readCard(nameOrFolder: string): Promise<ResolvedCard> {
  const folder = folderOf(nameOrFolder);
  const json = await readJson(join(folder, "card.json"));
  if (!isControl(json)) return resolved(json, folder);
  const { $schema, weights, of, seed, ...description } = check(randomCardSchema, json, folder);
  const original = join(dirname(folder), of);
  const network = await readJson(join(original, "card.json"));
  if (isControl(network) || isDrawn(network)) {
    throw new EncoderError(`${folder}: "of" names ${of}, which is itself a control`);
  }
  const { card, architecture } = resolved(network, original);
  const { file, input, outputs, normalised, parameters, patch, tokens, head } = card;
  return {
    card: {
      ...(parameters !== undefined && { parameters }),
      ...description,
      ...(file !== undefined && { file }),
      ...(card.weights !== undefined && { weights: card.weights }),
      ...(card.architecture !== undefined && { architecture: card.architecture }),
      ...(head !== undefined && { head }),
      ...(patch !== undefined && { patch }),
      ...(tokens !== undefined && { tokens }),
      input,
      outputs,
      normalised,
    },
    folder: original,
    ...(architecture !== undefined && { architecture }),
    randomSeed: seed,
  };
}

/** Names of the encoders in `models/` of the workspace, in alphabetical order. */
export async function encoderNames(): Promise<string[]> {
  const entries = await readdir(join(workspace, "models"), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  return names.map(({ name }) => name).sort();
}

function folderOf(nameOrFolder: string): string {
  return /[/\\]/.test(nameOrFolder) ? resolve(nameOrFolder) : join(workspace, "models", nameOrFolder);
}

function resolved(json: unknown, folder: string): ResolvedCard {
  const { architecture: stated, outputs, ...rest } = check(cardFileSchema, json, folder);
  if (stated === undefined) {
    // The schema wants outputs where there is no architecture.
    return { card: check(cardSchema, { ...rest, outputs }, folder), folder };
  }
  const where = join(folder, "card.json");
  const architecture = architectureOf(stated, where);
  const card = {
    ...rest,
    architecture: stated,
    outputs: outputs ?? outputsOf(architecture, rest.input.preprocessing, where),
  };
  checkShape(card, architecture, where);
  checkHead(card, architecture, where);
  const { seed } = rest;
  return { card, folder, architecture, ...(seed !== undefined && { randomSeed: seed }) };
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

/** A card whose network is another card's. */
function isControl(json: unknown): boolean {
  return typeof json === "object" && json !== null && "of" in json;
}

function isDrawn(json: unknown): boolean {
  return typeof json === "object" && json !== null && "weights" in json && json.weights === "random";
}

function check<T>(schema: z.ZodType<T>, json: unknown, folder: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = innermost(result.error.issues[0], []);
  throw new EncoderError(
    `${join(folder, "card.json")}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`,
  );
}

/** Of a union, what is wrong with the form that was meant: the one with the fewest complaints of a wrong type. */
function innermost(
  issue: z.core.$ZodIssue | undefined,
  above: readonly PropertyKey[],
): { path: readonly PropertyKey[]; message: string } {
  if (issue === undefined) return { path: above, message: "is not valid" };
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return { path, message: issue.message };
  const forms = issue.errors.filter((issues) => issues.some((each) => each.path.length > 0));
  const [closest] = (forms.length > 0 ? forms : issue.errors).toSorted((a, b) => a.length - b.length);
  return innermost(closest?.[0], path);
}
