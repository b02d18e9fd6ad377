/** Images as what paints takes them. */

import { fitPicture, type ImageSource, inputSize, type Preprocessing, resize } from "@optogram/images";

/** Reads image `image` of a source as [3, size, size] in 0..1. */
export type PhotoReader = (image: number) => Promise<Float32Array>;

/** Images of a source as the encoder sees them; what was read once is kept, in a byte a number. */
export function photoReader(source: ImageSource, preprocessing: Preprocessing, size: number): PhotoReader {
  const [height, width] = inputSize(preprocessing);
  const kept = new Map<number, Promise<Uint8Array>>();
  const read = async (image: number) => {
    const fitted = fitPicture(await source.read(image, Math.max(height, width)), preprocessing);
    const { data } = height === size && width === size ? fitted : resize(fitted, size, size, "bicubic");
    return data;
  };
  return async (image) => {
    const bytes = kept.get(image) ?? read(image);
    kept.set(image, bytes);
    return planar(await bytes);
  };
}

/** RGB pixel by pixel, 0..255, as planes in 0..1. */
function planar(data: Uint8Array): Float32Array {
  const plane = data.length / 3;
  return Float32Array.from(data, (_, i) => data[3 * (i % plane) + Math.floor(i / plane)] / 255);
}

/** Planes [3, size, size] in 0..1 as RGB pixel by pixel, 0..255. */
export function interleaved(picture: Float32Array): Uint8Array {
  const plane = picture.length / 3;
  return Uint8Array.from(picture, (_, i) =>
    Math.round(255 * Math.min(1, Math.max(0, picture[(i % 3) * plane + Math.floor(i / 3)]))),
  );
}
