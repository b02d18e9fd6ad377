/**
 * safetensors: eight bytes of header length (little-endian), a JSON header that names each tensor's type,
 * shape and byte range, then the elements, little-endian, without gaps.
 * Format: https://github.com/huggingface/safetensors (README, "Format").
 */
import { type FileHandle, open, writeFile } from "node:fs/promises";
import { z } from "zod";
import { ArtifactError, messageOf } from "./error.ts";
import { isStorable, type NumericArray, type StorableType, storable, type Tensor } from "./tensor.ts";

/** The format's own limit, which keeps a bad length from being believed. */
const maxHeaderBytes = 100_000_000;

const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const metadataSchema = z.record(z.string(), z.string());

const typeOfCode = new Map<string, StorableType>(
  (Object.keys(storable) as StorableType[]).map((dtype) => [storable[dtype].code, dtype]),
);

/** Tensors of a file and the strings that came with them. Names are the file's own: data, not paths. */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, NumericTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor of a type that safetensors holds. */
export interface NumericTensor extends Tensor {
  readonly dtype: StorableType;
  readonly data: NumericArray;
}

type Fail = (what: string) => never;

function failing(name: string): Fail {
  return (what) => {
    throw new ArtifactError(`${name}: ${what}; write or download it again`);
  };
}

/**
 * The tensors of a safetensors file. They own their memory.
 * @throws ArtifactError naming `name`, where the header lies about the file
 */
export function decodeTensors(bytes: Uint8Array, name = "safetensors"): TensorFile {
  const fail = failing(name);
  const headerBytes = headerLength(bytes.subarray(0, 8), bytes.byteLength, fail);
  const bodyStart = bytes.byteOffset + 8 + headerBytes;
  // Not a view by bytes.subarray: slice() of a Buffer does not copy.
  const body = new Uint8Array(bytes.buffer, bodyStart, bytes.byteLength - 8 - headerBytes);
  const { places, metadata } = checkHeader(bytes.subarray(8, 8 + headerBytes), body.byteLength, fail);
  const tensors: Record<string, NumericTensor> = Object.create(null);
  for (const { tensor, dtype, shape, begin, end } of places) {
    tensors[tensor] = { dtype, shape, data: new storable[dtype].array(body.slice(begin, end).buffer) };
  }
  return { tensors, metadata };
}

/**
 * The tensors of the safetensors file at `path`; with `only`, those that it accepts by name.
 * @throws ArtifactError
 */
export async function readTensors(path: string, only?: (name: string) => boolean): Promise<TensorFile> {
  const fail = failing(path);
  const handle = await open(path).catch((error: unknown) => {
    throw new ArtifactError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  });
  try {
    const { size } = await handle.stat();
    const start = new Uint8Array(8);
    await readAt(handle, start, 0, fail);
    const headerBytes = headerLength(start, size, fail);
    const header = new Uint8Array(headerBytes);
    await readAt(handle, header, 8, fail);
    const { places, metadata } = checkHeader(header, size - 8 - headerBytes, fail);
    const tensors: Record<string, NumericTensor> = Object.create(null);
    for (const { tensor, dtype, shape, begin, end } of places) {
      if (only && !only(tensor)) continue;
      const bytes = new Uint8Array(end - begin);
      await readAt(handle, bytes, 8 + headerBytes + begin, fail);
      tensors[tensor] = { dtype, shape, data: new storable[dtype].array(bytes.buffer) };
    }
    return { tensors, metadata };
  } finally {
    await handle.close();
  }
}

/** Fills `bytes` from `position` on. A single read gives at most 2 GiB, and may give less. */
export async function readAt(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  fail: (what: string) => never,
): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const length = Math.min(bytes.byteLength - done, 1 << 30);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) fail("is cut short");
    done += bytesRead;
  }
}

function headerLength(start: Uint8Array, fileBytes: number, fail: Fail): number {
  if (start.byteLength < 8) fail(`is no safetensors file: it has ${fileBytes} bytes`);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes || length > fileBytes - 8) {
    fail(`is cut short or no safetensors file: a header of ${length} bytes in a file of ${fileBytes}`);
  }
  return length;
}

/** Where a tensor lies: bytes from `begin` to `end` after the header. */
interface Place {
  readonly tensor: string;
  readonly dtype: StorableType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkHeader(bytes: Uint8Array, bodyBytes: number, fail: Fail) {
  const { __metadata__: rawMetadata, ...entries } = parseHeader(bytes, fail);
  const metadata = metadataSchema.safeParse(rawMetadata ?? {});
  if (!metadata.success) return fail("has metadata that is not a record of strings");
  const places = Object.entries(entries).map(([tensor, entry]) => checkEntry(tensor, entry, bodyBytes, fail));
  checkCover(places, bodyBytes, fail);
  return { places, metadata: metadata.data };
}

function checkEntry(tensor: string, raw: unknown, bodyBytes: number, fail: Fail): Place {
  const entry = entrySchema.safeParse(raw);
  if (!entry.success) return fail(`describes tensor "${tensor}" wrongly: ${entry.error.issues[0]?.message}`);
  const { dtype: code, shape, data_offsets } = entry.data;
  const [begin, end] = data_offsets;
  const dtype = typeOfCode.get(code);
  if (!dtype) return fail(`holds tensor "${tensor}" as ${code}, which is not supported`);
  if (begin > end || end > bodyBytes)
    fail(`places tensor "${tensor}" at bytes ${begin} to ${end} of ${bodyBytes}`);
  const expected = shape.reduce((product, size) => product * size, storable[dtype].array.BYTES_PER_ELEMENT);
  if (expected !== end - begin) fail(`gives tensor "${tensor}" ${end - begin} bytes for ${code} [${shape}]`);
  return { tensor, dtype, shape, begin, end };
}

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return fail("has a header that is not a JSON object");
  }
}

/** The format wants every byte to belong to one tensor: a file cannot smuggle or share data. */
function checkCover(places: readonly Place[], byteLength: number, fail: Fail): void {
  let position = 0;
  for (const { tensor, begin, end } of places.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < position) fail(`has tensor "${tensor}" overlap the one before it`);
    if (begin > position) fail(`has a gap before tensor "${tensor}"`);
    position = end;
  }
  if (position !== byteLength) fail(`has ${byteLength - position} bytes that belong to no tensor`);
}

/**
 * Tensors as a safetensors file. Names are sorted within each element size, widest first, so that the same
 * tensors give the same bytes in any order, and every tensor lies aligned to its elements.
 * @throws ArtifactError for element types that the format lacks and data that do not fill their shape
 */
export function encodeTensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(tensors).sort();
  const parts = names.map((name) => ({ name, ...elementsOf(name, tensors[name]!) }));
  parts.sort((a, b) => b.elementBytes - a.elementBytes);

  const header: [string, unknown][] = [];
  const strings = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (strings.length > 0) header.push(["__metadata__", Object.fromEntries(strings)]);
  let offset = 0;
  for (const { name, code, shape, bytes } of parts) {
    header.push([name, { dtype: code, shape, data_offsets: [offset, offset + bytes.byteLength] }]);
    offset += bytes.byteLength;
  }
  // Joined by hand: an object would move names such as "0" to its front.
  const json = header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",");
  const text = Buffer.from(`{${json}}`);
  const headerBytes = Math.ceil(text.byteLength / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(text, 8);
  let position = 8 + headerBytes;
  for (const { bytes } of parts) {
    file.set(bytes, position);
    position += bytes.byteLength;
  }
  return file;
}

function elementsOf(name: string, { dtype, shape, data }: Tensor) {
  if (name === "__metadata__") throw new ArtifactError("a tensor cannot be called __metadata__");
  if (!isStorable(dtype) || !ArrayBuffer.isView(data)) {
    throw new ArtifactError(`tensor "${name}": safetensors cannot hold ${dtype}`);
  }
  const { code, array } = storable[dtype];
  const expected = shape.reduce((product, size) => product * size, array.BYTES_PER_ELEMENT);
  if (data.byteLength !== expected) {
    throw new ArtifactError(
      `tensor "${name}": ${dtype} [${shape}] takes ${expected} bytes, not ${data.byteLength}`,
    );
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { code, shape, bytes, elementBytes: array.BYTES_PER_ELEMENT };
}

export async function writeTensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFile(path, encodeTensors(tensors, metadata));
}
