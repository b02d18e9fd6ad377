/** Folders of IDX files as MNIST has them: pictures and labels of a training and a test part. */

import { basename, join, resolve } from "node:path";
import { isFile, readWhole } from "./files.ts";
import { decodeIdx, type IdxFile } from "./idx.ts";
import { ImageError } from "./picture.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";

type MnistSpec = Extract<ImageSourceSpec, { source: "mnist" }>;

const prefixes = { train: "train", test: "t10k" } as const;

/** Grey pictures of one size and their labels. */
export interface LabelledPixels {
  readonly width: number;
  readonly height: number;
  /** [n, height, width], rows from the top. */
  readonly pixels: Uint8Array;
  /** [n] */
  readonly labels: Uint8Array;
  /** The files they come from. */
  readonly paths: { readonly images: string; readonly labels: string };
}

/** A picture is held as its bytes: 784 and a label in MNIST, 47 MB in all. */
export async function openMnist({ path, part, limit }: MnistSpec): Promise<ImageSource> {
  const { width, height, pixels, labels, paths } = await readMnistPart(path, part);
  if (labels.length === 0) throw new ImageError(`${paths.images}: has no pictures`);
  const chosen = evenlySpaced(labels.length, limit);
  const size = width * height;
  const id = (index: number) => `${part}#${chosen.at(index)}`;
  return {
    name: basename(resolve(path)),
    origin: resolve(path),
    length: chosen.length,
    id,
    record: async (index) => recordOf(id(index), { label: String(labels[chosen.at(index)]) }),
    read: async (index) => {
      const grey = pixels.subarray(chosen.at(index) * size, (chosen.at(index) + 1) * size);
      const data = new Uint8Array(3 * size);
      for (const [i, value] of grey.entries()) data.fill(value, 3 * i, 3 * i + 3);
      return { width, height, data };
    },
  };
}

/**
 * One part of MNIST or of a data set in its format, from `train-…` or `t10k-…`; each with or without `.gz`.
 * @throws ImageError
 */
export async function readMnistPart(folder: string, part: "train" | "test"): Promise<LabelledPixels> {
  const images = await readIdx(folder, `${prefixes[part]}-images-idx3-ubyte`, 3);
  const labels = await readIdx(folder, `${prefixes[part]}-labels-idx1-ubyte`, 1);
  const [count, height, width] = images.sizes;
  if (width === 0 || height === 0) {
    throw new ImageError(`${images.path}: its pictures are ${width} × ${height} pixels; download it again`);
  }
  if (labels.sizes[0] !== count) {
    throw new ImageError(
      `${labels.path}: it has ${labels.sizes[0]} labels for ${count} pictures; download it again`,
    );
  }
  return {
    width,
    height,
    pixels: images.data,
    labels: labels.data,
    paths: { images: images.path, labels: labels.path },
  };
}

async function readIdx(folder: string, name: string, rank: number): Promise<IdxFile & { path: string }> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    if (!(await isFile(path))) continue;
    const bytes = await readWhole(path);
    try {
      return { ...decodeIdx(bytes, rank), path };
    } catch (error) {
      throw new ImageError(`${path}: it ${(error as Error).message}; download it again`, { cause: error });
    }
  }
  throw new ImageError(
    `${folder}: there is no ${name}, nor ${name}.gz; name the folder of MNIST's four files`,
  );
}
