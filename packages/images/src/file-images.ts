/** Images that are files of their own. */

import { basename, extname, join, resolve } from "node:path";
import { decodeImage } from "./decode.ts";
import { readWhole } from "./files.ts";
import { ImageError } from "./picture.ts";
import type { ImageRecord, ImageSource } from "./source.ts";
import type { Texts } from "./texts.ts";

const extensions = new Set([".avif", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"]);

export function isImageName(name: string): boolean {
  return extensions.has(extname(name).toLowerCase());
}

/** @throws ImageError where `files`, of the folder `path`, are none */
export function expectImages(files: readonly string[], path: string): void {
  if (files.length > 0) return;
  throw new ImageError(`${path}: no images in this folder; it takes ${[...extensions].join(" ")}`);
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
