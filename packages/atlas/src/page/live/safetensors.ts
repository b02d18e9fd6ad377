/** Matrices and vectors of a safetensors file. Format: https://github.com/huggingface/safetensors (README, "Format"). */

import { PageError } from "../data/load.ts";

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The float32 tensors of a file: eight bytes of header length, a JSON header, then the elements, little-endian.
 * @throws PageError naming `name`, where the header lies about the file
 */
export function parseTensors(file: ArrayBuffer, name: string): ReadonlyMap<string, FloatTensor> {
  const fail = (what: string): never => {
    throw new PageError(`${name} ${what}. Copy the atlas again, or render it again.`);
  };
  if (file.byteLength < 8) fail(`is no safetensors file: it has ${file.byteLength} bytes`);
  const headerBytes = Number(new DataView(file).getBigUint64(0, true));
  if (headerBytes > file.byteLength - 8)
    fail(`is cut short: a header of ${headerBytes} bytes in a file of ${file.byteLength}`);
  const header = parseHeader(new Uint8Array(file, 8, headerBytes)) ?? fail("has a header that is not JSON");
  const body = 8 + headerBytes;
  const tensors = new Map<string, FloatTensor>();
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry as Partial<Entry>;
    if (dtype !== "F32") fail(`holds ${tensor} as ${dtype}; float32 is wanted`);
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
      return fail(`does not say where ${tensor} lies`);
    const [begin, end] = offsets as [number, number];
    const elements = shape.reduce((product, size) => product * size, 1);
    if (end - begin !== elements * 4) fail(`gives ${tensor} [${shape}] ${end - begin} bytes`);
    if (end > file.byteLength - body) fail(`is cut short: ${tensor} ends beyond the file`);
    // Copied, because the header may leave the elements at an odd place.
    tensors.set(tensor, { shape, data: new Float32Array(file.slice(body + begin, body + end)) });
  }
  return tensors;
}

interface Entry {
  readonly dtype: unknown;
  readonly shape: unknown;
  readonly data_offsets: unknown;
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, object>> | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isTable = (value: unknown) => typeof value === "object" && value !== null;
    return isTable(header) && Object.values(header as object).every(isTable)
      ? (header as Record<string, object>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
