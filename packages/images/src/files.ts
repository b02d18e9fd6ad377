/** Which files a path means, in one order on every machine, and parts of them. */

import { glob, open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { ImageError } from "./picture.ts";

/** More than any image: a length that a damaged file states is not believed beyond it. */
const mostBytes = 2 ** 30;

/**
 * Paths below `root` with forward slashes, sorted by code units. Hidden files and folders are left out.
 * @throws ImageError
 */
export async function listBelow(root: string, accepts: (name: string) => boolean): Promise<string[]> {
  const files: string[] = [];
  const visited = new Set<string>();
  const visit = async (below: string): Promise<void> => {
    const folder = join(root, below);
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => undefined) : entry;
      if (kind?.isDirectory()) await visit(path);
      else if (kind?.isFile() && accepts(entry.name)) files.push(path);
    }
  };
  try {
    await visit("");
  } catch (error) {
    throw new ImageError(`${root}: cannot be listed (${(error as Error).message})`, { cause: error });
  }
  return files.sort();
}

/** The files of a collection in pieces: `files` are paths below `base`. */
export interface Shards {
  readonly base: string;
  readonly files: readonly string[];
}

/**
 * The files with `ending` that `path` means: one file, all below a folder, or those that match a pattern such as
 * `data/train-*.parquet`, whose base is the folder before its first `*`.
 * @throws ImageError where there is none
 */
export async function listShards(path: string, ending: string): Promise<Shards> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile()) return { base: dirname(path), files: [basename(path)] };
  if (status === undefined && /[*?[{]/.test(path)) return matching(path, ending);
  const files = await listBelow(path, (name) => name.endsWith(ending));
  if (files.length === 0) throw new ImageError(`${path}: no ${ending} files in this folder`);
  return { base: path, files };
}

async function matching(pattern: string, ending: string): Promise<Shards> {
  const parts = pattern.split("/");
  const plain = parts.slice(
    0,
    parts.findIndex((part) => /[*?[{]/.test(part)),
  );
  const base = plain.length === 0 ? "." : plain.join("/") || "/";
  const files: string[] = [];
  for await (const found of glob(pattern)) {
    if (found.endsWith(ending) && (await stat(found)).isFile()) {
      files.push(relative(base, found).split(sep).join("/"));
    }
  }
  if (files.length === 0) throw new ImageError(`${pattern}: no ${ending} file matches this`);
  return { base, files: files.sort() };
}

export async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() ?? false;
}

export async function isFile(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() ?? false;
}

/** @throws ImageError that begins with `name` */
export async function readWhole(path: string, name = path): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ImageError(`${name}: cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/**
 * `length` bytes of a file from `offset` on.
 * @throws ImageError that begins with `name`
 */
export async function readSpan(
  path: string,
  offset: number,
  length: number,
  name: string,
): Promise<Uint8Array> {
  if (length > mostBytes) throw new ImageError(`${name}: takes ${length} bytes, which no image does`);
  try {
    await using file = await open(path);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    if (bytesRead === length) return bytes;
  } catch (error) {
    throw new ImageError(`${name}: cannot be read (${(error as Error).message})`, { cause: error });
  }
  throw new ImageError(`${name}: ${path} has become shorter since it was opened`);
}
