/** Pictures of digits with their labels, and batches of them as a network takes them. */

import { float32, type Tensor } from "@optogram/onnx";

/** Side of a picture in pixels. */
export const side = 28;
export const pixelsEach = side * side;
export const classes = 10;

/** Digits that cannot be used; the message says which and what to do. */
export class DigitsError extends Error {
  override name = "DigitsError";
}

export interface Digits {
  /** [n, 28, 28], rows from the top: 0 is ground, 255 ink. */
  readonly pixels: Uint8Array;
  /** [n]: 0 to 9. */
  readonly labels: Uint8Array;
}

export interface Batch {
  /** [n, 784], ink 1. */
  readonly x: Tensor;
  /** [n, 10]: 1 at the label. */
  readonly target: Tensor;
}

/** The chosen digits as a batch. */
export function batchOf({ pixels, labels }: Digits, chosen: ArrayLike<number>): Batch {
  const x = new Float32Array(chosen.length * pixelsEach);
  const target = new Float32Array(chosen.length * classes);
  for (let i = 0; i < chosen.length; i++) {
    const from = chosen[i] * pixelsEach;
    for (let p = 0; p < pixelsEach; p++) x[i * pixelsEach + p] = pixels[from + p] / 255;
    target[i * classes + labels[chosen[i]]] = 1;
  }
  return { x: float32(x, [chosen.length, pixelsEach]), target: float32(target, [chosen.length, classes]) };
}

/**
 * The first `each` digits of every class, class after class.
 * @throws DigitsError where a class has fewer
 */
export function firstOfEach({ labels }: Digits, each: number): Uint32Array {
  const chosen = Array.from({ length: classes }, (_, digit) => {
    const found = [...labels.keys()].filter((i) => labels[i] === digit).slice(0, each);
    if (found.length < each)
      throw new DigitsError(
        `there are ${found.length} held-out pictures of ${digit}, not ${each}: show fewer`,
      );
    return found;
  });
  return Uint32Array.from(chosen.flat());
}
