/** Weights that lie in files beside the model: found, checked and read. */

import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, sep } from "node:path";
import { ModelError, reasonOf } from "./error.ts";
import type { EntryProto } from "./schema.ts";

/** One read takes at most this much. */
const chunk = 2 ** 30;

/** Where a model's external data may lie. */
export interface ExternalPlace {
  /** The folder of the model's file. */
  readonly folder: string;
  /** The folder that the file is a symbolic link into, where it is one: links to its neighbours are followed too. */
  readonly linked?: string;
}

/**
 * Reads the `length` bytes that `entries` (location, offset, length) point to. A location is a path inside the folder;
 * an absolute one, one with `..` and one that a symbolic link leads out of the place is refused.
 */
export function readExternal(
  place: ExternalPlace | undefined,
  entries: readonly EntryProto[],
  length: number,
  what: string,
): Uint8Array {
  const fields = new Map(entries.map(({ key, value }) => [key ?? "", value ?? ""]));
  const location = fields.get("location") ?? "";
  if (place === undefined) {
    throw new ModelError(`${what} lies in another file ("${location}"); read the model by its path`);
  }
  const path = resolveInside(place, location, what);
  const offset = wholeNumber(fields.get("offset") ?? "0", `${what}: external offset`);
  const stated = fields.get("length");
  if (stated !== undefined && wholeNumber(stated, `${what}: external length`) !== length) {
    throw new ModelError(`${what} takes ${length} bytes, but its entry for "${location}" says ${stated}`);
  }
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (offset + length > size) {
      throw new ModelError(
        `${what} needs bytes ${offset} to ${offset + length} of "${location}", which has ${size}`,
      );
    }
    return readFully(file, offset, length);
  } finally {
    closeSync(file);
  }
}

function resolveInside({ folder, linked }: ExternalPlace, location: string, what: string): string {
  const parts = location.split(/[/\\]/);
  if (
    location === "" ||
    location.includes("\0") ||
    isAbsolute(location) ||
    parts.includes("..") ||
    /^[a-z]:/i.test(location)
  ) {
    throw new ModelError(`${what} lies in "${location}", which is not a path inside the model's folder`);
  }
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, ...parts));
    const inside = path.startsWith(root.endsWith(sep) ? root : root + sep);
    if (!inside && !(linked !== undefined && dirname(path) === linked)) {
      throw new ModelError(`${what} lies in "${location}", which leads out of the model's folder`);
    }
    if (!statSync(path).isFile()) throw new ModelError(`${what} lies in "${location}", which is not a file`);
    return path;
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(`${what} lies in "${location}", which cannot be read: ${reasonOf(error)}`);
  }
}

function readFully(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const read = readSync(file, bytes, done, Math.min(length - done, chunk), offset + done);
    if (read === 0) throw new ModelError("a file of weights became shorter while it was read");
    done += read;
  }
  return bytes;
}

function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new ModelError(`${what} "${text}" is not a size`);
  return value;
}
