/** What an image source is, and how one is named in a pipeline. */

import type { Watcher } from "@optogram/hub";
import { z } from "zod";
import type { Picture } from "./picture.ts";

/** What is known of an image besides its pixels. */
export interface ImageRecord {
  /** As the source's `id` gives it. */
  readonly id: string;
  /** The class, where the source names one. */
  readonly label?: string;
  readonly caption?: string;
  /** The kinds of things shown, each once, with the share of the frame (0..1) it covers. */
  readonly truth?: readonly { readonly kind: string; readonly coverage: number }[];
}

/** What is seen where: labels [height × width], row by row; 0 is the background, i + 1 a thing of `kinds[i]`. */
export interface KindMask {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
  readonly kinds: readonly string[];
}

/** Images by index, from 0 to `length` − 1; the same index is the same image each time. */
export interface ImageSource {
  readonly name: string;
  /** Where ids count from, such as an absolute folder: with an id, the image's name on this machine. */
  readonly origin: string;
  readonly length: number;
  /** Unique in its source: `scene 1:5`, `cats/tabby.jpg`, `train-00000-of-00001#17`. Costs nothing. */
  id(index: number): string;
  /** @throws ImageError where what is known of this image cannot be read; others may still be. */
  record(index: number): Promise<ImageRecord>;
  /**
   * @param size the shortest side wanted, in pixels: scenes are drawn at it, large photos are reduced towards it.
   * @throws ImageError where this image cannot be read; others may still be.
   */
  read(index: number, size: number): Promise<Picture>;
  /** The image's file as it is stored, where images are files: JPEG, PNG and so on. Throws as `read` does. */
  readonly encoded?: (index: number) => Promise<Uint8Array>;
  /**
   * Which kind of thing is seen at each pixel of the whole image, where the source knows it: a mask of the image's
   * proportions, `size` pixels along its shortest side or as large as it was stored.
   * @throws ImageError where there is none for this image or it cannot be read.
   */
  mask?(index: number, size: number): Promise<KindMask>;
}

/** For sources that are fetched before they are opened. */
export interface OpenOptions {
  readonly progress?: Watcher;
  readonly signal?: AbortSignal;
}

/** A record of an image; its class, where it has one, counts as covering the whole frame. */
export function recordOf(
  id: string,
  { label, caption }: { readonly label?: string | undefined; readonly caption?: string | undefined },
): ImageRecord {
  return {
    id,
    ...(label !== undefined && { label }),
    ...(caption !== undefined && { caption }),
    ...(label !== undefined && { truth: [{ kind: label, coverage: 1 }] }),
  };
}

const count = z.int().min(1);
const limit = count.optional().describe("Take this many images only, evenly spaced over all of them.");
const text = z.string().min(1);
const columns = {
  image: z.string().optional().describe("Column of the images; found by itself where it is plain."),
  label: z.string().optional().describe("Column of the classes; found by itself where it is plain."),
};
const trainOrTest = z.enum(["train", "test"]).default("train").describe("Which of its two parts.");

export const imageSourceSchema = z.discriminatedUnion("source", [
  z
    .strictObject({
      source: z.literal("scenes"),
      seed: z.int().min(0).describe("The world that scenes are drawn from."),
      count: count.describe("Number of scenes."),
      first: z.int().min(0).default(0).describe("Index of the first scene."),
      singles: z.number().min(0).max(1).optional().describe("Share of scenes with a single thing."),
    })
    .describe("Scenes that this project draws."),
  z
    .strictObject({
      source: z.literal("folder"),
      path: text.describe("The folder; folders inside it count."),
      masks: text
        .optional()
        .describe(
          "A folder with a PNG beside each image, by the same path: black is background, all else things.",
        ),
      limit,
    })
    .describe("Image files in a folder."),
  z
    .strictObject({
      source: z.literal("parquet"),
      path: text.describe("A Parquet file, a folder of them, or a pattern such as data/train-*.parquet."),
      limit,
      ...columns,
    })
    .describe("A data set in Hugging Face's layout."),
  z
    .strictObject({
      source: z.literal("hub"),
      repo: z
        .string()
        .regex(/^[^/\s]+\/[^/\s]+$/, "a repository is OWNER/NAME")
        .describe("The data set's repository, OWNER/NAME."),
      revision: text.default("main").describe("Branch, tag or commit; a commit pins the images."),
      split: text.optional().describe("Only files of this split, such as train; by their paths."),
      files: text.optional().describe("Only files that match this pattern, such as data/test-*.parquet."),
      limit,
      ...columns,
    })
    .describe("A data set of the Hugging Face hub, from its Parquet files."),
  z
    .strictObject({
      source: z.literal("imagenet"),
      path: text.describe("The data set's folder: it holds the folders of synsets, or train and val."),
      part: z.enum(["train", "val"]).optional().describe("Which part; val where there is one."),
      names: text.optional().describe("File of the synsets' names; found by itself under its usual names."),
      labels: text
        .optional()
        .describe(
          "File of the images' classes, where they lie in one folder; LOC_val_solution.csv where there is one.",
        ),
      limit,
    })
    .describe("ImageNet's layout: a folder of images a synset. Imagenette too."),
  z
    .strictObject({
      source: z.literal("coco"),
      path: text.describe("The data set's folder: it holds the folder of images, and annotations."),
      part: text.default("val2017").describe("The folder of images, and the end of the annotations' names."),
      limit,
    })
    .describe("COCO: images with captions and objects, where there are annotations."),
  z
    .strictObject({
      source: z.literal("webdataset"),
      path: text.describe("A .tar shard, a folder of them, or a pattern such as shards/train-*.tar."),
      names: text
        .optional()
        .describe("File of the classes' names, a line each; classnames.txt where there is one."),
      limit,
    })
    .describe("WebDataset: images in .tar shards, with classes and captions beside them."),
  z
    .strictObject({
      source: z.literal("cifar10"),
      path: text.describe("Folder of the binary version's files."),
      part: trainOrTest,
      limit,
    })
    .describe("CIFAR-10 in its own binary format."),
  z
    .strictObject({
      source: z.literal("mnist"),
      path: text.describe("Folder of MNIST's IDX files, gzipped or not."),
      part: trainOrTest,
      limit,
    })
    .describe("MNIST, and data sets in its format."),
]);

export type ImageSourceSpec = z.infer<typeof imageSourceSchema>;
