/** The network behind a card: where its files are, what their digest is, and how it becomes a graph. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type FetchOptions, sha256Of } from "@optogram/hub";
import { type Model, readModel, type TypedModel } from "@optogram/onnx";
import { buildArchitecture, randomWeights, type Size, type Weights } from "./architectures/index.ts";
import type { Card } from "./card.ts";
import { fetchedFile, isFile } from "./card-files.ts";
import { EncoderError } from "./error.ts";
import { randomised, randomisedWeights } from "./randomise.ts";
import type { ResolvedCard } from "./read-card.ts";
import { withHead } from "./text/with-head.ts";
import { readWeights } from "./weights/read.ts";

/** A network that is not stored as a graph: it is built for a batch, a size and the tensors wanted. */
export interface BuiltNetwork {
  build(batch: number, size: Size, tensors: readonly string[]): TypedModel;
}

/** An ONNX model, or what one is built from. */
export type EncoderNetwork = Model | BuiltNetwork;

export interface NetworkFiles {
  /** The ONNX file or the weights; none where they are drawn. */
  readonly path?: string;
  /** The head's weights, where the card has a head. */
  readonly head?: string;
  /** sha256 over the card and the files, in hexadecimal. */
  readonly digest: string;
}

/**
 * The card's files, fetched where they are not here.
 * @throws EncoderError, HubError
 */
export async function findFiles(
  { card, folder, architecture, randomSeed }: ResolvedCard,
  options: FetchOptions = {},
): Promise<NetworkFiles> {
  const hash = createHash("sha256").update(
    JSON.stringify([card, randomSeed === undefined ? [] : ["random", randomSeed]]),
  );
  // A preset is a name on the card, and may be corrected.
  if (architecture) hash.update(JSON.stringify(architecture));
  if (card.weights === "random") return { digest: hash.digest("hex") };
  if (card.weights !== undefined) {
    const files = await weightFiles(card, card.weights, folder, options);
    const [head] = card.head ? await weightFiles(card, card.head.weights, folder, options) : [];
    for (const path of head === undefined ? files : [...files, head]) hash.update(await sha256Of({ path }));
    return { path: files[0], ...(head !== undefined && { head }), digest: hash.digest("hex") };
  }
  const path = join(folder, card.file as string);
  try {
    for (const file of await modelFiles(path))
      for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch (error) {
    throw new EncoderError(
      `${folder}: the card's file ${card.file} cannot be read (${(error as Error).message})`,
      { cause: error },
    );
  }
  return { path, digest: hash.digest("hex") };
}

type StoredWeights = Exclude<NonNullable<Card["weights"]>, "random">;

/** The weights' file first, then those that have to lie beside it. */
async function weightFiles(
  card: Card,
  weights: StoredWeights,
  folder: string,
  options: FetchOptions,
): Promise<[string, ...string[]]> {
  if (!("repo" in weights)) {
    const path = join(folder, weights.file);
    if (await isFile(path)) return [path];
    throw new EncoderError(`${folder}: the card's file ${weights.file} is not there`);
  }
  const own = join(folder, basename(weights.file));
  if (await isFile(own)) {
    const sha256 = weights.sha256 === undefined ? undefined : await sha256Of({ path: own });
    if (sha256 !== weights.sha256) {
      throw new EncoderError(`${own} is another file (sha256 ${sha256}) than the card's (${weights.sha256})`);
    }
    return [own, ...(weights.with ?? []).map((path) => join(folder, basename(path)))];
  }
  const { repo, revision, file, sha256 } = weights;
  const about = { ...(card.licence !== undefined && { licence: card.licence }), ...options };
  const first = await fetchedFile(
    { repo, revision, path: file, ...(sha256 !== undefined && { sha256 }) },
    own,
    card.name,
    about,
  );
  const others: string[] = [];
  for (const path of weights.with ?? []) {
    // Of the same commit: a branch may have moved in between.
    others.push((await fetchedFile({ repo, revision: first.commit, path }, own, card.name, about)).path);
  }
  return [first.path, ...others];
}

/** The model, and beside it what exporters call NAME.onnx.data or NAME.onnx_data: weights of large models. */
async function modelFiles(model: string): Promise<string[]> {
  const beside = (await readdir(dirname(model))).filter((name) => name.startsWith(basename(model)));
  return [
    model,
    ...beside
      .sort()
      .map((name) => join(dirname(model), name))
      .filter((file) => file !== model),
  ];
}

/** @throws EncoderError, ModelError */
export async function readNetwork(
  { card, architecture, randomSeed }: ResolvedCard,
  { path, head }: NetworkFiles,
): Promise<EncoderNetwork> {
  if (architecture === undefined) {
    const stored = await readModel(path as string);
    return randomSeed === undefined ? stored : randomised(stored, randomSeed);
  }
  const weights = await weightsOf(card, path, (seed) => randomWeights(architecture, seed), randomSeed);
  const backbone: BuiltNetwork = {
    build: (batch, size, outputs) => buildArchitecture(architecture, weights, { batch, size, outputs }),
  };
  if (card.head === undefined || head === undefined) return backbone;
  return withHead(backbone, card.head, architecture, drawnAnew(await readWeights(head), randomSeed));
}

async function weightsOf(
  card: Card,
  path: string | undefined,
  draw: (seed: number) => Weights,
  seed: number | undefined,
): Promise<Weights> {
  if (card.weights === "random") return draw(seed as number);
  return drawnAnew(await readWeights(path as string), seed);
}

function drawnAnew(stored: Weights, seed: number | undefined): Weights {
  return seed === undefined ? stored : randomisedWeights(stored, seed);
}
