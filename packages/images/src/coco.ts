/** COCO: a folder of images, and what people wrote and outlined of them. Format: https://cocodataset.org/#format-data */

import { basename, join, resolve } from "node:path";
import { type CocoAnnotations, readAnnotations } from "./coco-annotations.ts";
import { chosenFiles, fileImages, listImages } from "./file-images.ts";
import { isFolder } from "./files.ts";
import { ImageError } from "./picture.ts";
import type { ImageSource, ImageSourceSpec } from "./source.ts";

type CocoSpec = Extract<ImageSourceSpec, { source: "coco" }>;

/**
 * The caption is the first of an image's five. `truth` is the share of the frame that the outlines of each category
 * cover together, at most 1; images have no one class, so no label. Annotations are read when the first is asked for.
 */
export async function openCoco({ path, part, limit }: CocoSpec): Promise<ImageSource> {
  const below = await imageFolder(path, part);
  const files = chosenFiles(await listImages(join(path, below)), limit, below);
  let annotations: Promise<CocoAnnotations> | undefined;
  return {
    ...fileImages(path, files, async (id, index) => {
      annotations ??= readAnnotations(join(path, "annotations"), part, files);
      return { id, ...(await annotations).of(index) };
    }),
    name: `${basename(resolve(path))} ${part}`,
  };
}

async function imageFolder(path: string, part: string): Promise<string> {
  for (const folder of [part, `images/${part}`]) if (await isFolder(join(path, folder))) return folder;
  throw new ImageError(`${path}: there is no folder ${part} in it, nor images/${part}; name one with part=`);
}
