/** A model to a file, or to two: the graph, and the weights beside it as external data. */

import { open, rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Model } from "./model.ts";
import type { TensorProto } from "./schema.ts";
import { bytesOf, type Tensor } from "./tensor.ts";
import { encodeModel, inlineTensor, tensorHeader, weightBytes, weightLimit } from "./write.ts";

/** Weights begin at multiples of this, so that they can be mapped into memory. */
const alignment = 4096;

/** What goes out by default, and what never does: shapes and axes are read when the graph is. */
const usuallyExternal = 1024;
const neverExternal = 128;

export interface WriteOptions {
  /**
   * Whether weights go to `NAME.data` beside the file, or from how many bytes on (`true`: 1,024; at least 128). Default: only where
   * a model is too large for one file.
   */
  readonly externalData?: boolean | number;
}

/** Writes a model. The files appear whole or not at all; files of these names are replaced. */
export async function writeModel(path: string, model: Model, options: WriteOptions = {}): Promise<void> {
  const { externalData = weightBytes(model) > weightLimit } = options;
  if (externalData === false) return replaceFile(path, encodeModel(model));

  const threshold = externalData === true ? usuallyExternal : Math.max(externalData, neverExternal);
  const location = `${basename(path)}.data`;
  const chunks: { offset: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const initializer = (name: string, tensor: Tensor): TensorProto => {
    if (tensor.dtype === "string") return inlineTensor(name, tensor);
    const bytes = bytesOf(tensor);
    if (bytes.byteLength < threshold) return inlineTensor(name, tensor);
    const offset = Math.ceil(end / alignment) * alignment;
    end = offset + bytes.byteLength;
    chunks.push({ offset, bytes });
    const external_data = Object.entries({ location, offset, length: bytes.byteLength }).map(
      ([key, value]) => ({
        key,
        value: String(value),
      }),
    );
    return { ...tensorHeader(name, tensor), data_location: 1, external_data };
  };
  const encoded = encodeModel(model, { initializer });
  await replaceWeights(`${path}.data`, chunks);
  await replaceFile(path, encoded);
}

async function replaceWeights(path: string, chunks: readonly { offset: number; bytes: Uint8Array }[]) {
  await replacing(path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      for (const { offset, bytes } of chunks) await writeFully(file, bytes, offset);
    } finally {
      await file.close();
    }
  });
}

async function writeFully(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, offset: number) {
  let done = 0;
  while (done < bytes.byteLength) {
    const length = Math.min(bytes.byteLength - done, 2 ** 30);
    done += (await file.write(bytes, done, length, offset + done)).bytesWritten;
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await replacing(path, (temporary) => writeFile(temporary, bytes));
}

async function replacing(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
