/** Image files in a folder. */

import { chosenFiles, fileImages, listImages } from "./file-images.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";

type FolderSpec = Extract<ImageSourceSpec, { source: "folder" }>;

/** Files are taken by their endings, in the order of their paths; hidden files and folders are left out. */
export async function openFolder({ path, limit }: FolderSpec): Promise<ImageSource> {
  const found = await listImages(path);
  const labelled = haveClasses(found);
  return fileImages(path, chosenFiles(found, limit), (id) =>
    recordOf(id, labelled ? { label: id.slice(0, id.indexOf("/")) } : {}),
  );
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
