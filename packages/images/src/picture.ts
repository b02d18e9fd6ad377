/** A decoded image: sRGB, 8 bits, row-major, three channels interleaved; `data` has width × height × 3 bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** The file's own size where the picture was reduced while it was decoded: its proportions, unrounded. */
  readonly original?: { readonly width: number; readonly height: number };
}

/** An image that cannot be read: one line with its name, what is wrong and what to do. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}
