/** Pictures as arrays, at the two sizes that there are: the encoder's input, and what a reconstructor paints. */

import { type Interpolation, type Picture, resize } from "@optogram/images";

/** A picture brought to a size, the whole of it: between the encoder's and the reconstructor's nothing where patches are a power of two. */
export function sized(
  picture: Picture,
  [height, width]: readonly [number, number],
  interpolation: Interpolation = "bicubic",
): Picture {
  if (picture.height === height && picture.width === width) return picture;
  return resize(picture, width, height, interpolation);
}

/** [3, height, width] of red, green, blue in 0..1. */
export function planesOf({ data }: Picture): Float32Array {
  const plane = data.length / 3;
  const planes = new Float32Array(data.length);
  for (let channel = 0; channel < 3; channel++)
    for (let i = 0; i < plane; i++) planes[channel * plane + i] = data[3 * i + channel] / 255;
  return planes;
}

/** The way back, clipped: bytes pixel by pixel. */
export function bytesOf(planes: Float32Array): Uint8Array {
  const plane = planes.length / 3;
  return Uint8Array.from(planes, (_, i) =>
    Math.round(255 * Math.min(1, Math.max(0, planes[(i % 3) * plane + Math.floor(i / 3)]))),
  );
}
