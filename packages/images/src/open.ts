import { openFolder } from "./folder.ts";
import { openParquetImages } from "./parquet.ts";
import { openScenes } from "./scenes.ts";
import type { ImageSource, ImageSourceSpec } from "./source.ts";

/**
 * Opens an image source. Relative paths count from the working folder.
 * @throws ImageError where there is nothing to read.
 */
export async function openImages(spec: ImageSourceSpec): Promise<ImageSource> {
  switch (spec.source) {
    case "scenes":
      return openScenes(spec);
    case "folder":
      return openFolder(spec);
    case "parquet":
      return openParquetImages(spec);
  }
}
