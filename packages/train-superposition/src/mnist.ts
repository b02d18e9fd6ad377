/** MNIST from a folder of its four IDX files. */

import { readMnistPart } from "@optogram/images";
import { classes, type Digits, DigitsError, side } from "./digits.ts";

/**
 * Training digits from the files `train-…`, held-out ones from `t10k-…`; each with or without `.gz`.
 * @throws ImageError, DigitsError
 */
export async function readMnist(folder: string): Promise<{ training: Digits; heldOut: Digits }> {
  return { training: await readDigits(folder, "train"), heldOut: await readDigits(folder, "test") };
}

async function readDigits(folder: string, part: "train" | "test"): Promise<Digits> {
  const { width, height, pixels, labels, paths } = await readMnistPart(folder, part);
  if (height !== side || width !== side)
    throw unlike(paths.images, `its pictures are ${width} × ${height} pixels, not ${side} × ${side}`);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) throw unlike(paths.labels, `label ${wrong} is ${labels[wrong]}, not a digit`);
  return { pixels, labels };
}

function unlike(path: string, what: string): DigitsError {
  return new DigitsError(`${path}: ${what}; download it again`);
}
