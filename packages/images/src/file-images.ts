/** Images that are files of their own. */

import { basename, extname, join, resolve } from "node:path";
import { decodeImage } from "./decode.ts";
import { listBelow, readWhole } from "./files.ts";
import { ImageError } from "./picture.ts";
import type { ImageRecord, ImageSource } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";
import { Texts } from "./texts.ts";

const extensions = new Set([".avif", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"]);

/**
 * Paths of the images below a folder, in their order.
 * @throws ImageError where there are none
 */
export async function listImages(path: string): Promise<readonly string[]> {
  const files = await listBelow(path, (name) => extensions.has(extname(name).toLowerCase()));
  if (files.length > 0) return files;
  throw new ImageError(`${path}: no images in this folder; it takes ${[...extensions].join(" ")}`);
}

/** Those that a limit leaves, packed; `below` is the folder that they are listed from. */
export function chosenFiles(files: readonly string[], limit: number | undefined, below = ""): Texts {
  const prefix = below === "" ? "" : `${below}/`;
  const chosen = evenlySpaced(files.length, limit);
  const texts = new Texts();
  for (let i = 0; i < chosen.length; i++) texts.add(prefix + files[chosen.at(i)]);
  return texts;
}

/** @param files paths below `path`, which are the images' ids */
export function fileImages(
  path: string,
  files: Texts,
  record: (id: string, index: number) => ImageRecord | Promise<ImageRecord>,
): ImageSource {
  const encoded = (index: number) => readWhole(join(path, files.at(index)), files.at(index));
  return {
    name: basename(resolve(path)),
    origin: resolve(path),
    length: files.length,
    id: (index) => files.at(index),
    record: async (index) => record(files.at(index), index),
    read: async (index, size) => decodeImage(await encoded(index), files.at(index), { shortestSide: size }),
    encoded,
  };
}
