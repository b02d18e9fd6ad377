/** Image files in a folder. */

import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { decodeImage } from "./decode.ts";
import { ImageError } from "./picture.ts";
import type { ImageRecord, ImageSource, ImageSourceSpec, KindMask } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";

const extensions = new Set([".avif", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"]);

type FolderSpec = Extract<ImageSourceSpec, { source: "folder" }>;

/** Files are taken by their endings, in the order of their paths; hidden files and folders are left out. */
export async function openFolder({ path, masks, limit }: FolderSpec): Promise<ImageSource> {
  const found = await listImages(path);
  if (found.length === 0) {
    throw new ImageError(`${path}: no images in this folder; it takes ${[...extensions].join(" ")}`);
  }
  const classes = classNames(found);
  const files = evenlySpaced(found.length, limit).map((i) => found[i]);
  const labels = classes && evenlySpaced(found.length, limit).map((i) => classes[i]);
  return {
    name: basename(path),
    length: files.length,
    id: (index) => files[index],
    record: async (index) => recordOf(files[index], labels?.[index]),
    read: async (index, size) => {
      const file = files[index];
      return decodeImage(await readImageFile(join(path, file), file), file, { shortestSide: size });
    },
    ...(masks !== undefined && { mask: (index: number) => readMask(masks, files[index]) }),
  };
}

/**
 * The class of each image where folders look like classes: every image lies exactly one folder down, and there are at
 * least two such folders. Otherwise none has one.
 */
export function classNames(files: readonly string[]): readonly string[] | undefined {
  const parts = files.map((file) => file.split("/"));
  if (!parts.every((part) => part.length === 2)) return undefined;
  const names = parts.map(([folder]) => folder);
  return new Set(names).size >= 2 ? names : undefined;
}

function recordOf(id: string, label: string | undefined): ImageRecord {
  return label === undefined ? { id } : { id, label, truth: [{ kind: label, coverage: 1 }] };
}

/** Of the image's own size: reducing it would blur where things end. */
async function readMask(masks: string, file: string): Promise<KindMask> {
  const name = `${file.slice(0, file.length - extname(file).length)}.png`;
  const path = join(masks, name);
  const { width, height, data } = await decodeImage(await readImageFile(path, path), path);
  const labels = Uint8Array.from({ length: width * height }, (_, i) =>
    data[3 * i] + data[3 * i + 1] + data[3 * i + 2] > 0 ? 1 : 0,
  );
  return { width, height, labels, kinds: ["thing"] };
}

async function readImageFile(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ImageError(`${name}: cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Paths below `root` with forward slashes, sorted by code units so that every machine has the same order. */
async function listImages(root: string): Promise<string[]> {
  const files: string[] = [];
  const visited = new Set<string>();
  const visit = async (relative: string): Promise<void> => {
    const folder = join(root, relative);
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const below = relative === "" ? entry.name : `${relative}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(join(root, below)).catch(() => undefined) : entry;
      if (kind?.isDirectory()) await visit(below);
      else if (kind?.isFile() && extensions.has(extname(entry.name).toLowerCase())) files.push(below);
    }
  };
  try {
    await visit("");
  } catch (error) {
    throw new ImageError(`${root}: cannot be listed (${(error as Error).message})`, { cause: error });
  }
  return files.sort();
}
