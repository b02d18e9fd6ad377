/** Whether an encoder can be opened without a download. Asks nobody. */

import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { cachedFile, hubSettings } from "@optogram/hub";
import type { Card } from "./card.ts";
import { isFile } from "./card-files.ts";
import type { ResolvedCard } from "./read-card.ts";

export type Whereabouts =
  /** A file, or nothing at all where weights are drawn. */
  | { readonly place: "here"; readonly bytes: number }
  /** On the hub; `estimated` where the size follows from the number of weights. */
  | { readonly place: "hub"; readonly bytes?: number; readonly estimated: boolean }
  /** A file that the card names in its folder, and that is not there. */
  | { readonly place: "missing"; readonly path: string };

export async function whereabouts({ card, folder }: ResolvedCard): Promise<Whereabouts> {
  const { weights, file } = card;
  if (weights === "random") return { place: "here", bytes: 0 };
  const own = join(folder, weights === undefined ? (file as string) : ownName(weights));
  const found = await stat(own).catch(() => undefined);
  if (found?.isFile()) return { place: "here", bytes: found.size };
  if (weights === undefined || !("repo" in weights)) return { place: "missing", path: own };
  const { repo, revision, file: path, sha256 } = weights;
  const settings = hubSettings();
  const stored = await cachedFile({ repo, revision, path, ...(sha256 && { sha256 }) }, settings);
  if (stored) return { place: "here", bytes: stored.bytes };
  return { place: "hub", estimated: weights.size === undefined, ...bytesOf(card, weights.size) };
}

/** Paths of the files that a card's head and text side have in its folder alone, and that are not there. */
export async function filesToBring({ card: { head, text }, folder }: ResolvedCard): Promise<string[]> {
  const names = new Set<string>();
  if (head !== undefined && !("repo" in head.weights)) names.add(head.weights.file);
  if (text !== undefined && text.repo === undefined) {
    names.add("file" in text ? text.file : text.weights);
    if ("file" in text.tokenizer) names.add(text.tokenizer.file);
  }
  const paths = Array.from(names, (name) => join(folder, name));
  const found = await Promise.all(paths.map(isFile));
  return paths.filter((_, i) => !found[i]);
}

function ownName(weights: Exclude<NonNullable<Card["weights"]>, "random">): string {
  return "repo" in weights ? basename(weights.file) : weights.file;
}

const bytesOfWeight = 4;

function bytesOf({ parameters }: Card, size: number | undefined): { bytes?: number } {
  if (size !== undefined) return { bytes: size };
  return parameters === undefined ? {} : { bytes: parameters * bytesOfWeight };
}
