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
    case "imagenet":
      return (await import("./imagenet.ts")).openImageNet(spec);
    case "coco":
      return (await import("./coco.ts")).openCoco(spec);
    case "webdataset":
      return (await import("./webdataset.ts")).openWebDataset(spec);
    case "cifar10":
      return (await import("./cifar10.ts")).openCifar10(spec);
    case "mnist":
      return (await import("./mnist.ts")).openMnist(spec);
  }
}
