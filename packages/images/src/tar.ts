/**
 * What is where in a .tar file: its members' names, offsets and sizes. Nothing is unpacked, so that a name is never a
 * path. Formats: POSIX ustar and pax (IEEE 1003.1, "pax Interchange Format"), GNU's long names and large sizes.
 */

import { type FileHandle, open } from "node:fs/promises";
import { ImageError } from "./picture.ts";

/** A file in the archive; `offset` is that of its first byte. */
export interface TarMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const block = 512;
/** A read takes in the small members beside an image, and little of the image. */
const windowBytes = 1 << 13;
/** Names and pax records are a few hundred bytes. */
const mostNameBytes = 1 << 20;

/** Regular files, contiguous ones too. */
const fileTypes = new Set(["0", "\0", "7"]);

/**
 * The files in the archive at `path`, in its order.
 * @throws ImageError where it is damaged, cut short or compressed
 */
export async function* tarMembers(path: string): AsyncGenerator<TarMember, void> {
  const file = await open(path).catch((error: unknown) => {
    throw new ImageError(`${path}: cannot be read (${(error as Error).message})`, { cause: error });
  });
  try {
    yield* members(new Archive(path, file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}

async function* members(archive: Archive): AsyncGenerator<TarMember, void> {
  let position = 0;
  let longName: string | undefined;
  let longSize: number | undefined;
  while (position < archive.size) {
    const header = await archive.bytes(position, block);
    if (header.every((byte) => byte === 0)) return;
    archive.checkHeader(header, position);
    const type = String.fromCharCode(header[156]);
    const stated = archive.number(header.subarray(124, 136), position);
    const size = fileTypes.has(type) ? (longSize ?? stated) : stated;
    const offset = position + block;
    if (offset + size > archive.size)
      archive.fail(`is cut short: a member at byte ${position} ends after it`);
    position = offset + Math.ceil(size / block) * block;
    if (type === "x") {
      const records = archive.paxRecords(await archive.extension(offset, size));
      longName = records.get("path") ?? longName;
      const recorded = records.get("size");
      if (recorded !== undefined) longSize = archive.wholeNumber(recorded, offset);
    } else if (type === "L") {
      longName = textOf(await archive.extension(offset, size));
    } else if (type === "S") {
      archive.fail("holds a sparse file, which is not supported; write it without --sparse");
    } else if (type !== "g" && type !== "K") {
      if (fileTypes.has(type)) yield { name: longName ?? nameOf(header), offset, size };
      longName = undefined;
      longSize = undefined;
    }
  }
}

class Archive {
  readonly size: number;
  readonly #path: string;
  readonly #file: FileHandle;
  #window: Uint8Array = new Uint8Array();
  #start = 0;

  constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.size = size;
  }

  fail(what: string): never {
    throw new ImageError(`${this.#path}: ${what}`);
  }

  /** @throws ImageError where the file ends before them */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    if (position < this.#start || position + length > this.#start + this.#window.length) {
      const bytes = new Uint8Array(Math.max(windowBytes, length));
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, position);
      this.#window = bytes.subarray(0, bytesRead);
      this.#start = position;
      if (bytesRead < length) this.fail("is cut short; download it again");
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length);
  }

  extension(offset: number, size: number): Promise<Uint8Array> {
    if (size > mostNameBytes) this.fail(`has a name of ${size} bytes at byte ${offset}; download it again`);
    return this.bytes(offset, size);
  }

  /** The sum of the header's bytes with the sum's own field as spaces stands in that field. */
  checkHeader(header: Uint8Array, position: number): void {
    let sum = 0;
    for (const [i, byte] of header.entries()) sum += i >= 148 && i < 156 ? 0x20 : byte;
    if (sum === octal(header.subarray(148, 156))) return;
    if (position > 0) this.fail(`is damaged at byte ${position}; download it again`);
    if (header[0] === 0x1f && header[1] === 0x8b) this.fail("is compressed; unpack it with gunzip first");
    this.fail("is no .tar file; name one, or download it again");
  }

  number(field: Uint8Array, position: number): number {
    // GNU: the first bit set, then a big-endian number.
    const value =
      field[0] === 0x80 ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0) : octal(field);
    return Number.isSafeInteger(value) ? value : this.#badSize(position);
  }

  wholeNumber(text: string, position: number): number {
    const value = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : this.#badSize(position);
  }

  /** Records `LENGTH KEY=VALUE\n`, whose length counts the whole record in bytes. */
  paxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
    const records = new Map<string, string>();
    for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
      const space = bytes.indexOf(0x20, at);
      const length = space < 0 ? Number.NaN : Number(textOf(bytes.subarray(at, space)));
      const end = at + length;
      const equals = bytes.indexOf(0x3d, space);
      if (!(Number.isSafeInteger(length) && space < equals && equals < end && end <= bytes.length)) {
        this.fail("has a damaged extended header; download it again");
      }
      records.set(textOf(bytes.subarray(space + 1, equals)), textOf(bytes.subarray(equals + 1, end - 1)));
      at = end;
    }
    return records;
  }

  #badSize(position: number): never {
    return this.fail(`states a size that is no number at byte ${position}; download it again`);
  }
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = textOf(header.subarray(257, 262)) === "ustar" && header[262] === 0;
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** NaN where it is no number; spaces and zeros stand around it. */
function octal(field: Uint8Array): number {
  const digits = textOf(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : Number.NaN;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
