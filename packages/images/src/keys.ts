/** Names of images that are the same wherever the same images are named. */

import { dirname, resolve } from "node:path";
import { openImages } from "./open.ts";
import type { ImageSourceSpec } from "./source.ts";

/**
 * One text an image, equal for the same image of two specifications: scenes of one world with different counts, a folder
 * and a part of it. Not for artifacts, because it holds absolute paths.
 */
export async function imageKeys(spec: ImageSourceSpec): Promise<string[]> {
  const source = await openImages(spec);
  const origin = originOf(spec);
  return Array.from({ length: source.length }, (_, index) => `${origin}/${source.id(index)}`);
}

function originOf(spec: ImageSourceSpec): string {
  if (spec.source === "scenes") return "scenes";
  const path = resolve(spec.path);
  return path.endsWith(".parquet") ? dirname(path) : path;
}
