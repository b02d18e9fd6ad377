import type { HubSpec } from "./hub.ts";
import type { ImageSource, ImageSourceSpec, OpenOptions } from "./source.ts";

/**
 * Opens an image source. Relative paths count from the working folder.
 * @throws ImageError where there is nothing to read, HubError where what lies on the hub cannot be fetched.
 */
export async function openImages(spec: ImageSourceSpec, options: OpenOptions = {}): Promise<ImageSource> {
  // Each when it is wanted: threads that prepare images start sooner without the drawing of scenes or Arrow.
  switch (spec.source) {
    case "scenes":
      return (await import("./scenes.ts")).openScenes(spec);
    case "folder":
      return (await import("./folder.ts")).openFolder(spec);
    case "parquet":
      return (await import("./parquet.ts")).openParquetImages(spec);
    case "hub":
      return (await import("./hub.ts")).openHubImages(spec, options);
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

/**
 * How many files of a set on the hub are to be fetched; nothing where it is not known which there are. Asks nobody.
 * @throws ImageError where the set is known to have none
 */
export async function missingFiles(spec: HubSpec): Promise<number | undefined> {
  return (await import("./hub.ts")).missingFiles(spec);
}
