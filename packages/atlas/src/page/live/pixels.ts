/** Between a canvas's bytes, four a pixel, and a network's floats, channels first. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of a picture that an encoder of a given size sees: all of it, or the largest middle of the encoder's proportions. */
export function seenPart(
  picture: Size,
  encoder: Size,
  resize: "cover" | "squash",
): { x: number; y: number; width: number; height: number } {
  if (resize === "squash") return { x: 0, y: 0, width: picture.width, height: picture.height };
  const scale = Math.min(picture.width / encoder.width, picture.height / encoder.height);
  const [width, height] = [encoder.width * scale, encoder.height * scale];
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}

/** RGBA bytes → RGB from 0 to 1, [3, height, width]. */
export function toPlanes(rgba: Uint8ClampedArray): Float32Array {
  const pixels = rgba.length / 4;
  const planes = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) planes[c * pixels + i] = rgba[4 * i + c]! / 255;
  }
  return planes;
}

/** RGB from 0 to 1, [3, height, width] → opaque RGBA bytes; what lies outside is cut off. */
export function fromPlanes(planes: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = planes.length / 3;
  const rgba = new Uint8ClampedArray(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = planes[c * pixels + i]! * 255;
  }
  return rgba;
}
