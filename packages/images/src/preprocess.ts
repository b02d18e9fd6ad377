/** From a picture to an encoder's input: timm's evaluation transform. */

import { z } from "zod";
import type { Picture } from "./picture.ts";
import { interpolations, type Region, resizeRegion } from "./resample.ts";

const side = z.int().min(1).max(4096);
const triple = z.tuple([z.number(), z.number(), z.number()]);

export const preprocessingSchema = z.strictObject({
  size: z.union([side, z.tuple([side, side])]).describe("Side of the square input, or [height, width]."),
  resize: z
    .enum(["cover", "squash"])
    .default("cover")
    .describe("cover keeps the picture's proportions and crops its centre; squash does not."),
  cropFraction: z
    .number()
    .min(0.1)
    .max(1)
    .default(1)
    .describe("Share of the resized picture's side that the centre crop keeps (timm's crop_pct)."),
  interpolation: z.enum(interpolations).default("bicubic"),
  mean: triple.describe("Subtracted after scaling; always in the order red, green, blue."),
  std: triple
    .refine((std) => std.every((value) => value > 0), "every standard deviation is above 0")
    .describe("Divided by after that; always in the order red, green, blue."),
  scale: z
    .union([z.literal(1), z.literal("1/255")])
    .default("1/255")
    .describe('What pixels 0 to 255 are multiplied by: "1/255" or 1.'),
  channels: z.enum(["rgb", "bgr"]).default("rgb").describe("The order of channels in the input."),
});

/** input = (pixel × scale − mean) / std, channels first. */
export type Preprocessing = z.infer<typeof preprocessingSchema>;

/** [height, width] of the encoder's input in pixels. */
export function inputSize({ size }: Preprocessing): readonly [number, number] {
  return typeof size === "number" ? [size, size] : size;
}

/** Numbers of an encoder's input. */
export function inputLength(preprocessing: Preprocessing): number {
  const [height, width] = inputSize(preprocessing);
  return 3 * height * width;
}

/** The shortest side in pixels that a picture should have so that preprocessing only reduces it. */
export function wantedSide(preprocessing: Preprocessing): number {
  return Math.max(...inputSize(preprocessing).map((n) => Math.floor(n / preprocessing.cropFraction)));
}

/** The picture as the encoder sees it, before mean and standard deviation. */
export function fitPicture(picture: Picture, preprocessing: Preprocessing): Picture {
  const { width, height, region } = fit(picture, preprocessing);
  const isWhole = region.width === width && region.height === height;
  if (isWhole && width === picture.width && height === picture.height) return picture;
  return resizeRegion(picture, width, height, region, preprocessing.interpolation);
}

/** The part of a picture that the encoder sees, in shares of the picture's width and height. */
export function seenPart(
  picture: Pick<Picture, "width" | "height" | "original">,
  preprocessing: Preprocessing,
): Region {
  const { width, height, region } = fit(picture, preprocessing);
  return {
    left: region.left / width,
    top: region.top / height,
    width: region.width / width,
    height: region.height / height,
  };
}

/** A picture as an encoder's input: [3, height, width], normalised; written into `out` where that is given. */
export function preprocess(
  picture: Picture,
  preprocessing: Preprocessing,
  out = new Float32Array(inputLength(preprocessing)),
): Float32Array {
  const fitted = fitPicture(picture, preprocessing);
  const { channels, mean, std } = preprocessing;
  const scale = preprocessing.scale === 1 ? 1 : 1 / 255;
  const plane = fitted.width * fitted.height;
  const table = new Float32Array(256);
  for (let channel = 0; channel < 3; channel++) {
    for (let value = 0; value < 256; value++) {
      table[value] = (value * scale - mean[channel]) / std[channel];
    }
    const to = (channels === "rgb" ? channel : 2 - channel) * plane;
    for (let i = 0; i < plane; i++) {
      out[to + i] = table[fitted.data[i * 3 + channel]];
    }
  }
  return out;
}

/** Size of the whole resized picture, and the crop of it, as timm's `transforms_imagenet_eval` chooses them. */
function fit(
  picture: Pick<Picture, "width" | "height" | "original">,
  preprocessing: Preprocessing,
): { width: number; height: number; region: Region } {
  const [cropHeight, cropWidth] = inputSize(preprocessing);
  const targetHeight = Math.floor(cropHeight / preprocessing.cropFraction);
  const targetWidth = Math.floor(cropWidth / preprocessing.cropFraction);
  const [height, width] =
    preprocessing.resize === "squash"
      ? [targetHeight, targetWidth]
      : cover(picture, targetHeight, targetWidth);
  const region = {
    left: roundHalfEven((width - cropWidth) / 2),
    top: roundHalfEven((height - cropHeight) / 2),
    width: cropWidth,
    height: cropHeight,
  };
  return { width, height, region };
}

function cover(
  picture: Pick<Picture, "width" | "height" | "original">,
  targetHeight: number,
  targetWidth: number,
): [number, number] {
  const { width, height } = picture.original ?? picture;
  if (targetHeight === targetWidth) {
    const target = targetHeight;
    return width <= height
      ? [Math.floor((target * height) / width), target]
      : [target, Math.floor((target * width) / height)];
  }
  const ratio = Math.min(height / targetHeight, width / targetWidth);
  return [roundHalfEven(height / ratio), roundHalfEven(width / ratio)];
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
