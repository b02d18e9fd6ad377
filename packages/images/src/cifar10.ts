/**
 * CIFAR-10's binary version: records of a class and 32 × 32 pixels, plane after plane.
 * Format: https://www.cs.toronto.edu/~kriz/cifar.html ("Binary version").
 */

import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { isFile, readSpan, readWhole } from "./files.ts";
import { ImageError } from "./picture.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";

type CifarSpec = Extract<ImageSourceSpec, { source: "cifar10" }>;

const side = 32;
const plane = side * side;
const recordBytes = 1 + 3 * plane;

const batches = {
  train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}`),
  test: ["test_batch"],
} as const;

const defaultClasses = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** The folders that the archives unpack to, where `path` is the one around them. */
const unpacked = "cifar-10-batches-bin";
const unpackedPickles = "cifar-10-batches-py";

interface Batch {
  readonly stem: string;
  readonly path: string;
  readonly first: number;
}

export async function openCifar10({ path, part, limit }: CifarSpec): Promise<ImageSource> {
  const below = (await isFile(join(path, unpacked, `${batches[part][0]}.bin`))) ? `${unpacked}/` : "";
  const found: Batch[] = [];
  let count = 0;
  for (const batch of batches[part]) {
    const file = join(path, below, `${batch}.bin`);
    found.push({ stem: below + batch, path: file, first: count });
    count += await recordsOf(file, [join(path, batch), join(path, unpackedPickles, batch)]);
  }
  const classes = await readClasses(join(path, below, "batches.meta.txt"));
  const chosen = evenlySpaced(count, limit);
  const place = (index: number) => {
    const { stem, path: file, first } = found.findLast((batch) => batch.first <= chosen.at(index)) as Batch;
    return {
      id: `${stem}#${chosen.at(index) - first}`,
      file,
      offset: (chosen.at(index) - first) * recordBytes,
    };
  };
  return {
    name: basename(resolve(path)),
    origin: resolve(path),
    length: chosen.length,
    id: (index) => place(index).id,
    record: async (index) => {
      const { id, file, offset } = place(index);
      const [label] = await readSpan(file, offset, 1, id);
      if (label < classes.length) return recordOf(id, { label: classes[label] });
      throw new ImageError(`${id}: its class is ${label} of ${classes.length}; download ${file} again`);
    },
    read: async (index) => {
      const { id, file, offset } = place(index);
      const planes = await readSpan(file, offset + 1, 3 * plane, id);
      const data = Uint8Array.from(planes, (_, i) => planes[(i % 3) * plane + Math.floor(i / 3)]);
      return { width: side, height: side, data };
    },
  };
}

/** @param pickles where Python's version of the same batch would lie. */
async function recordsOf(file: string, pickles: readonly string[]): Promise<number> {
  const status = await stat(file).catch(() => undefined);
  for (const pickle of status === undefined ? pickles : []) {
    if (!(await isFile(pickle))) continue;
    throw new ImageError(
      `${pickle}: is a Python pickle, which is not read; download the binary version (cifar-10-binary.tar.gz)`,
    );
  }
  if (!status?.isFile()) {
    throw new ImageError(`${file}: there is no such file; name the folder of CIFAR-10's binary version`);
  }
  if (status.size === 0 || status.size % recordBytes !== 0) {
    throw new ImageError(
      `${file}: has ${status.size} bytes, no whole number of images (${recordBytes} each); download it again`,
    );
  }
  return status.size / recordBytes;
}

async function readClasses(file: string): Promise<readonly string[]> {
  if (!(await isFile(file))) return defaultClasses;
  const names = Buffer.from(await readWhole(file))
    .toString()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return names.length === defaultClasses.length ? names : defaultClasses;
}
