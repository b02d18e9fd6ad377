/** MNIST from a folder of its four IDX files. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, messageOf } from "@optogram/artifacts";
import { classes, type Digits, DigitsError, side } from "./digits.ts";
import { decodeIdx, type IdxFile } from "./idx.ts";

/**
 * Training digits from the files `train-…`, held-out ones from `t10k-…`; each with or without `.gz`.
 * @throws DigitsError
 */
export async function readMnist(folder: string): Promise<{ training: Digits; heldOut: Digits }> {
  return { training: await readPart(folder, "train"), heldOut: await readPart(folder, "t10k") };
}

async function readPart(folder: string, part: "train" | "t10k"): Promise<Digits> {
  const images = await readIdx(folder, `${part}-images-idx3-ubyte`, 3);
  const labels = await readIdx(folder, `${part}-labels-idx1-ubyte`, 1);
  const [count, height, width] = images.sizes;
  if (height !== side || width !== side)
    throw unlike(images.path, `its pictures are ${width} × ${height} pixels, not ${side} × ${side}`);
  if (labels.sizes[0] !== count)
    throw unlike(labels.path, `it has ${labels.sizes[0]} labels for ${count} pictures`);
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) throw unlike(labels.path, `label ${wrong} is ${labels.data[wrong]}, not a digit`);
  return { pixels: images.data, labels: labels.data };
}

async function readIdx(folder: string, name: string, rank: number): Promise<IdxFile & { path: string }> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    const file = await readFile(path).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    });
    if (!file) continue;
    try {
      return { ...decodeIdx(file, rank), path };
    } catch (error) {
      throw unlike(path, `it ${messageOf(error)}`);
    }
  }
  throw new DigitsError(
    `${folder}: there is no ${name}, nor ${name}.gz; name the folder of MNIST's four files`,
  );
}

function unlike(path: string, what: string): DigitsError {
  return new DigitsError(`${path}: ${what}; download it again`);
}
