/** What pictures look like as a class: numbers that do not ask what they show. */

import { countThings } from "./things.ts";

export interface Style {
  /** Mean over the pixels of (max − min) / max of red, green and blue: 0 for grey, 1 for pure colours. */
  readonly saturation: number;
  /** Standard deviation of the grey values (ITU-R BT.601) from 0 to 1: RMS contrast (Peli 1990). */
  readonly contrast: number;
  readonly things: number;
}

export const styleNames = ["saturation", "contrast", "things"] as const;

/** Of a picture [3, size, size] in 0..1. */
export function styleOf(picture: Float32Array, size: number): Style {
  const plane = size * size;
  let saturation = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < plane; i++) {
    const [red, green, blue] = [picture[i], picture[plane + i], picture[2 * plane + i]];
    const most = Math.max(red, green, blue);
    saturation += most > 0 ? (most - Math.min(red, green, blue)) / most : 0;
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    sum += grey;
    squares += grey ** 2;
  }
  return {
    saturation: saturation / plane,
    contrast: Math.sqrt(Math.max(0, squares / plane - (sum / plane) ** 2)),
    things: countThings(picture, size),
  };
}
