import type { ImageSource } from "@optogram/images";
import sharp, { type Sharp } from "sharp";
import type { Bitmap } from "./bitmap.ts";

/** Square pictures kept at hand, in bytes: features near one another share many of their top images. */
const keptBytes = 320 << 20;

/** Pictures of a source cut to squares; the last few thousand of the common size are remembered. */
export class SquarePictures {
  private readonly source: ImageSource;
  private readonly size: number;
  private readonly kept = new Map<number, Promise<Bitmap>>();
  private readonly most: number;

  constructor(source: ImageSource, size: number) {
    this.source = source;
    this.size = size;
    this.most = Math.floor(keptBytes / (size * size * 3));
  }

  /** The middle square of image `index` at the common size. */
  get(index: number): Promise<Bitmap> {
    const known = this.kept.get(index);
    if (known) this.kept.delete(index);
    const picture = known ?? this.read(index, this.size);
    this.kept.set(index, picture);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return picture;
  }

  /** The middle square of image `index` at any size, not remembered. */
  async read(index: number, size: number): Promise<Bitmap> {
    const picture = await this.source.read(index, size);
    return squareOf(picture, size);
  }
}

/** The middle square of a picture, `size` pixels a side. */
export async function squareOf(picture: Bitmap, size: number): Promise<Bitmap> {
  const { width, height } = picture;
  if (width === size && height === size) return picture;
  const pixels = await raw(picture).resize(size, size, { fit: "cover", kernel: "lanczos3" }).raw().toBuffer();
  return { width: size, height: size, data: pixels };
}

/**
 * Tiles and faces are WebP: a tile takes 4.0 KB where JPEG of the same look takes 7.9, and a map is hundreds of them.
 * From effort 4 on it shrinks by 3 % more and takes three times as long.
 */
export const tileFormat = {
  extension: "webp",
  encode: (bitmap: Bitmap): Promise<Uint8Array> => raw(bitmap).webp({ quality: 78, effort: 2 }).toBuffer(),
};

/**
 * Sheets and the cover are JPEG: WebP saves a quarter of the bytes of a file that is fetched once a page, at four times
 * the time, which was a third of the whole rendering.
 */
export const sheetFormat = {
  extension: "jpg",
  encode: (bitmap: Bitmap): Promise<Uint8Array> => raw(bitmap).jpeg({ quality: 78 }).toBuffer(),
};

function raw({ width, height, data }: Bitmap): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export async function decodePicture(bytes: Uint8Array): Promise<Bitmap> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
