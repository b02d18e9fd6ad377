/** Files that a card names: in its folder, or on the hub. */

import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { type FetchOptions, fetchFile, HubError, type HubFile, type StoredFile } from "@optogram/hub";
import { EncoderError } from "./error.ts";

export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

/**
 * A file of the hub; `own` is where the user may place it by hand instead.
 * @throws EncoderError that begins with the encoder's name
 */
export async function fetchedFile(
  file: HubFile,
  own: string,
  encoder: string,
  options: FetchOptions,
): Promise<StoredFile> {
  try {
    return await fetchFile(file, { byHand: relative(process.cwd(), own), ...options });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new EncoderError(`${encoder}: ${error.message}`, { cause: error });
  }
}
