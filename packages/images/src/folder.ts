/** Image files in a folder. */

import { extname, join } from "node:path";
import { decodeImage } from "./decode.ts";
import { chosenFiles, fileImages, listImages } from "./file-images.ts";
import { readWhole } from "./files.ts";
import { type ImageSource, type ImageSourceSpec, type KindMask, recordOf } from "./source.ts";

type FolderSpec = Extract<ImageSourceSpec, { source: "folder" }>;

/** Files are taken by their endings, in the order of their paths; hidden files and folders are left out. */
export async function openFolder({ path, masks, limit }: FolderSpec): Promise<ImageSource> {
  const found = await listImages(path);
  const labelled = haveClasses(found);
  const files = chosenFiles(found, limit);
  return {
    ...fileImages(path, files, (id) => recordOf(id, labelled ? { label: id.slice(0, id.indexOf("/")) } : {})),
    ...(masks !== undefined && { mask: (index: number) => readMask(masks, files.at(index)) }),
  };
}

/**
 * Whether folders look like classes: every image lies exactly one folder down, and there are at least two such
 * folders.
 */
export function haveClasses(files: readonly string[]): boolean {
  const folders = new Set<string>();
  for (const file of files) {
    const slash = file.indexOf("/");
    if (slash < 0 || slash !== file.lastIndexOf("/")) return false;
    folders.add(file.slice(0, slash));
  }
  return folders.size >= 2;
}

/** Of the image's own size: reducing it would blur where things end. */
async function readMask(masks: string, file: string): Promise<KindMask> {
  const path = join(masks, `${file.slice(0, file.length - extname(file).length)}.png`);
  const { width, height, data } = await decodeImage(await readWhole(path), path);
  const labels = Uint8Array.from({ length: width * height }, (_, i) =>
    data[3 * i] + data[3 * i + 1] + data[3 * i + 2] > 0 ? 1 : 0,
  );
  return { width, height, labels, kinds: ["thing"] };
}
