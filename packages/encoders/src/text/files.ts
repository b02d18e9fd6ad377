/** The files of a card's text side: those beside the card, and those on the hub. */

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { type FetchOptions, sha256Of } from "@optogram/hub";
import { fetchedFile, isFile } from "../card-files.ts";
import { EncoderError } from "../error.ts";
import type { TextSide } from "./card.ts";

export interface TextFiles {
  readonly model: string;
  /** Path of the tokenizer's file, where it has one. */
  readonly tokenizer?: string;
  readonly digest: string;
}

/**
 * Files beside the card go before those of the hub.
 * @throws EncoderError for files that are nowhere
 */
export async function findTextFiles(
  text: TextSide,
  folder: string,
  encoder: string,
  options: FetchOptions,
): Promise<TextFiles> {
  const hash = createHash("sha256").update(JSON.stringify(text));
  let { revision } = text;
  const find = async (name: string): Promise<string> => {
    const own = join(folder, text.repo === undefined ? name : basename(name));
    const path = (await isFile(own)) ? own : await fetched(name, own);
    hash.update(await sha256Of({ path }));
    return path;
  };
  const fetched = async (name: string, own: string): Promise<string> => {
    if (text.repo === undefined)
      throw new EncoderError(`${folder}: the file ${name} of the card's text side is not there`);
    const stored = await fetchedFile({ repo: text.repo, revision, path: name }, own, encoder, options);
    // The next file is to be of the same commit: a branch may move in between.
    revision = stored.commit;
    return stored.path;
  };
  const model = await find("file" in text ? text.file : text.weights);
  if ("vocabulary" in text.tokenizer) return { model, digest: hash.digest("hex") };
  const tokenizer = await find(text.tokenizer.file);
  return { model, tokenizer, digest: hash.digest("hex") };
}
