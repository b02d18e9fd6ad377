/** Names of images that are the same wherever the same images are named. */

import { openImages } from "./open.ts";
import type { ImageSourceSpec, OpenOptions } from "./source.ts";

/**
 * One text an image, equal for the same image of two specifications: scenes of one world with different counts, a folder
 * and a part of it. Not for artifacts, because it holds absolute paths.
 */
export async function imageKeys(spec: ImageSourceSpec, options: OpenOptions = {}): Promise<string[]> {
  const source = await openImages(spec, options);
  return Array.from({ length: source.length }, (_, index) => `${source.origin}/${source.id(index)}`);
}
