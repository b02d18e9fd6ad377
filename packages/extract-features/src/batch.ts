/** What travels from the threads that prepare images to the encoder, and on to the tables. */

import type { ImageRecord } from "@optogram/images";

/** An image that cannot be read. */
export interface Failure {
  readonly id: string;
  /** One line with the image's name. */
  readonly message: string;
}

/** Which image of its source, and what is known of it. */
export interface Entry {
  readonly image: number;
  readonly record: ImageRecord;
}

/** The readable ones of some consecutive images. */
export interface PreparedBatch {
  readonly entries: readonly Entry[];
  readonly failures: readonly Failure[];
  /** [entries, 3, height, width], normalised. */
  readonly pixels: Float32Array;
}

export interface EmbeddedBatch {
  readonly entries: readonly Entry[];
  readonly failures: readonly Failure[];
  /** [entries, dimension] */
  readonly embeddings: Float32Array;
}
