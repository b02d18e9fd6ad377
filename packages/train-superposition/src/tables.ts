/** What the stage writes: a row a frame, a row a shown digit. */

import { binaries, table, vectors } from "@optogram/artifacts";
import { classes, type Digits, pixelsEach } from "./digits.ts";
import { bottleneck } from "./network.ts";
import type { Frame } from "./train.ts";

export function frameTable(frames: readonly Frame[]) {
  const rows = (pick: (frame: Frame) => Float32Array) => {
    const width = pick(frames[0]).length;
    const values = new Float32Array(frames.length * width);
    for (const [i, frame] of frames.entries()) values.set(pick(frame), i * width);
    return vectors(values, width);
  };
  return table({
    step: Uint32Array.from(frames, ({ step }) => step),
    loss: Float32Array.from(frames, ({ loss }) => loss),
    accuracy: Float32Array.from(frames, ({ accuracy }) => accuracy),
    position: rows(({ position }) => position),
    direction: rows(({ directions }) => directions),
  });
}

export function pointTable({ pixels, labels }: Digits, shown: Uint32Array) {
  return table({
    image: shown,
    label: Uint8Array.from(shown, (image) => labels[image]),
    pixels: binaries(
      Array.from(shown, (image) => pixels.subarray(image * pixelsEach, (image + 1) * pixelsEach)),
    ),
  });
}

/** The angles between each class's direction and the next one around the circle, in degrees, smallest first. */
export function anglesBetween(directions: Float32Array): number[] {
  const bearings = Array.from(
    { length: classes },
    (_, c) => (Math.atan2(directions[bottleneck * c + 1], directions[bottleneck * c]) * 180) / Math.PI,
  ).sort((a, b) => a - b);
  return bearings
    .map((bearing, i) => (i + 1 < classes ? bearings[i + 1] : bearings[0] + 360) - bearing)
    .sort((a, b) => a - b);
}
