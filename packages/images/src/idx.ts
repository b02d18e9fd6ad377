/** IDX, the format of MNIST's files (LeCun, Cortes and Burges): big-endian sizes, then unsigned bytes. */

import { gunzipSync } from "node:zlib";

export interface IdxFile {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

/** More than any file of MNIST or EMNIST unpacks to. */
const mostBytes = 1 << 30;

/**
 * Reads the bytes of a file, gzipped or not, whose array has `rank` axes.
 * @throws Error whose message says what is wrong with the bytes
 */
export function decodeIdx(file: Uint8Array, rank: number): IdxFile {
  const bytes = unpacked(file);
  const header = 4 + 4 * rank;
  if (bytes.length < 4) throw new Error(`is no IDX file: it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Two zeros, 8 for unsigned bytes, the number of axes.
  const magic = view.getUint32(0);
  if (magic !== 0x800 + rank)
    throw new Error(`begins with ${magic}, not with ${0x800 + rank} (unsigned bytes, ${rank} axes)`);
  if (bytes.length < header) throw new Error("ends within its header");
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const promised = sizes.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== promised) throw new Error(`has ${found} bytes after its header, not ${sizes.join(" × ")}`);
  return { sizes, data: bytes.subarray(header) };
}

function unpacked(file: Uint8Array): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file, { maxOutputLength: mostBytes });
  } catch (error) {
    throw new Error(`cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}
