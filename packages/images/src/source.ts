/** What an image source is, and how one is named in a pipeline. */

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
  readonly length: number;
  /** Unique in its source: `scene 1:5`, `cats/tabby.jpg`, `train-00000-of-00001#17`. Costs nothing. */
  id(index: number): string;
  record(index: number): Promise<ImageRecord>;
  /**
   * @param size the shortest side wanted, in pixels: scenes are drawn at it, large photos are reduced towards it.
   * @throws ImageError where this image cannot be read; others may still be.
   */
  read(index: number, size: number): Promise<Picture>;
  /**
   * Which kind of thing is seen at each pixel of the whole image, where the source knows it: a mask of the image's
   * proportions, `size` pixels along its shortest side or as large as it was stored.
   * @throws ImageError where there is none for this image or it cannot be read.
   */
  mask?(index: number, size: number): Promise<KindMask>;
}

const count = z.int().min(1);
const limit = count.optional().describe("Take this many images only, evenly spaced over all of them.");

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
      path: z.string().min(1).describe("The folder; folders inside it count."),
      masks: z
        .string()
        .min(1)
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
      path: z.string().min(1).describe("A Parquet file, or a folder of them."),
      limit,
      image: z.string().optional().describe("Column of the images; found by itself where it is plain."),
      label: z.string().optional().describe("Column of the classes; found by itself where it is plain."),
    })
    .describe("A data set in Hugging Face's layout."),
]);

export type ImageSourceSpec = z.infer<typeof imageSourceSchema>;
