import type { ImageSource, ImageSourceSpec } from "./source.ts";

/**
 * Opens an image source. Relative paths count from the working folder.
 * @throws ImageError where there is nothing to read.
 */
export async function openImages(spec: ImageSourceSpec): Promise<ImageSource> {
  // Each when it is wanted: threads that prepare images start sooner without the drawing of scenes or Arrow.
  switch (spec.source) {
    case "scenes":
      return (await import("./scenes.ts")).openScenes(spec);
    case "folder":
      return (await import("./folder.ts")).openFolder(spec);
    case "parquet":
      return (await import("./parquet.ts")).openParquetImages(spec);
  }
}
