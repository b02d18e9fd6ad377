/** Image files to pictures. */

import sharp from "sharp";
import { ImageError, type Picture } from "./picture.ts";

/** Pixels above which an image is refused: a small file may unfold to any size. */
const pixelLimit = 100_000_000;

const rasterFormats = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif", "jp2", "jxl", "jp2k"]);

export interface DecodeOptions {
  /**
   * The shortest side that is wanted, in pixels. A picture at least four times as large is reduced while it is
   * decoded, to no less than twice this side, which saves most of the time that photos of many megapixels take.
   */
  readonly shortestSide?: number;
}

/**
 * Decodes an image file: upright after its EXIF orientation, sRGB, the first frame of an animation, grey as three equal
 * channels, transparency over white. Colour profiles count for CMYK alone: encoders were trained on RGB values as they
 * stand in the file.
 * @param name how errors name the image.
 * @throws ImageError where the file is broken, truncated, no image, or larger than 100 megapixels.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<Picture> {
  if (bytes.length === 0) throw new ImageError(`${name}: the file is empty; remove it or fetch it again`);
  const settings = { limitInputPixels: pixelLimit, failOn: "error", sequentialRead: true } as const;
  try {
    // A header unfolds to nothing, and says how large the rest would be.
    const metadata = await sharp(bytes, { ...settings, limitInputPixels: false }).metadata();
    if (!rasterFormats.has(metadata.format)) {
      throw new Error(`${metadata.format} is not read: convert it to PNG or JPEG`);
    }
    if (metadata.width * metadata.height > pixelLimit) {
      throw new Error(
        `${metadata.width} × ${metadata.height} pixels, more than 100 megapixels: make it smaller`,
      );
    }
    let image = sharp(bytes, { ...settings, ignoreIcc: metadata.space !== "cmyk" }).autoOrient();
    const { width, height } = metadata.autoOrient;
    const reduction = reductionFor(Math.min(width, height), options.shortestSide);
    if (reduction > 1) {
      image = image.resize(Math.ceil(width / reduction), Math.ceil(height / reduction), {
        fit: "fill",
        kernel: "cubic",
      });
    }
    const { data, info } = await image
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: threeChannels(data, info.channels),
      ...(reduction > 1 && { original: { width, height } }),
    };
  } catch (error) {
    throw new ImageError(`${name}: cannot be decoded (${reasonOf(error)})`, { cause: error });
  }
}

/** A power of two that leaves at least twice the wanted side. */
function reductionFor(side: number, wanted: number | undefined): number {
  if (wanted === undefined || side < wanted * 4) return 1;
  return 2 ** Math.floor(Math.log2(side / (wanted * 2)));
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const out = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) out.fill(data[i * channels], i * 3, i * 3 + 3);
  return out;
}

/** libvips repeats itself over several lines: the first says what is wrong. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n")[0]?.trim() ?? "unknown";
}
