/** Reading zip archives, as far as PyTorch writes them: stored or deflated, zip64. Nothing in the file is believed. */

import type { FileHandle } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { readAt } from "@optogram/artifacts";

export type Fail = (what: string) => never;

export interface Entry {
  /** Bytes when unpacked, as the directory says. */
  readonly size: number;
  readonly packed: number;
  readonly deflated: boolean;
  /** Where its local header stands. */
  readonly offset: number;
}

/** A directory of more is no checkpoint's. */
const maxDirectoryBytes = 64 * 2 ** 20;
/** Deflate packs no more than 1032 bytes into one (RFC 1951: 258 bytes in two bits). */
const maxRatio = 1032;

const word = (text: string) => new DataView(new TextEncoder().encode(text).buffer).getUint32(0, true);
const endOfDirectory = word("PK\x05\x06");
const endOfDirectory64 = word("PK\x06\x06");
const locator64 = word("PK\x06\x07");
const directoryEntry = word("PK\x01\x02");
const localHeader = word("PK\x03\x04");

/** The archive's files by name (APPNOTE.TXT 6.3, section 4.3). */
export async function readDirectory(
  file: FileHandle,
  fileBytes: number,
  fail: Fail,
): Promise<Map<string, Entry>> {
  const { start, bytes, entries } = await findDirectory(file, fileBytes, fail);
  if (bytes > maxDirectoryBytes || start + bytes > fileBytes || entries * 46 > bytes)
    fail(`has a directory of ${entries} entries in ${bytes} bytes at ${start}, which cannot be`);
  const view = await viewOf(file, start, bytes, fail);
  const found = new Map<string, Entry>();
  for (let at = 0, i = 0; i < entries; i++) {
    if (at + 46 > bytes || view.getUint32(at, true) !== directoryEntry) fail("has a broken directory");
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + 46 + name + extra + comment;
    if (end > bytes) fail("has a broken directory");
    const text = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, name));
    found.set(text, entryAt(view, at, at + 46 + name, extra, text, fail));
    at = end;
  }
  return found;
}

/** An entry's bytes. */
export async function readEntry(
  file: FileHandle,
  fileBytes: number,
  name: string,
  entry: Entry,
  fail: Fail,
): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.offset + 30 > fileBytes) fail(`places ${name} beyond its end`);
  const header = await viewOf(file, entry.offset, 30, fail);
  if (header.getUint32(0, true) !== localHeader) fail(`has no ${name} where its directory says`);
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + entry.packed > fileBytes) fail(`places ${name} beyond its end`);
  const packed = new Uint8Array(entry.packed);
  await readAt(file, packed, start, fail);
  if (!entry.deflated) return packed;
  try {
    const bytes = new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }));
    if (bytes.byteLength === entry.size) return bytes;
  } catch {
    // Damaged, or larger than it says.
  }
  return fail(`has a damaged ${name}`);
}

async function findDirectory(file: FileHandle, fileBytes: number, fail: Fail) {
  const tailBytes = Math.min(fileBytes, 22 + 0xffff);
  const tail = await viewOf(file, fileBytes - tailBytes, tailBytes, fail);
  let at = tailBytes - 22;
  while (at >= 0 && tail.getUint32(at, true) !== endOfDirectory) at--;
  if (at < 0) return fail("is cut short: it is a zip archive without its directory");
  const short = {
    entries: tail.getUint16(at + 10, true),
    bytes: tail.getUint32(at + 12, true),
    start: tail.getUint32(at + 16, true),
  };
  if (at < 20 || tail.getUint32(at - 20, true) !== locator64) return short;
  const place = wide(tail, at - 12, fail);
  if (place + 56 > fileBytes) fail("has a broken directory");
  const end = await viewOf(file, place, 56, fail);
  if (end.getUint32(0, true) !== endOfDirectory64) fail("has a broken directory");
  return { entries: wide(end, 32, fail), bytes: wide(end, 40, fail), start: wide(end, 48, fail) };
}

function entryAt(
  view: DataView,
  at: number,
  extraAt: number,
  extra: number,
  name: string,
  fail: Fail,
): Entry {
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & 1) === 1) fail(`has ${name} encrypted`);
  if (method !== 0 && method !== 8)
    fail(`has ${name} packed by method ${method}, of which only 0 and 8 are read`);
  let [packed, size, offset] = [20, 24, 42].map((field) => view.getUint32(at + field, true));
  const large = extraField(view, extraAt, extra, 1);
  let next = large?.start ?? 0;
  const take = () => {
    if (!large || next + 8 > large.end) return fail(`has a broken directory entry for ${name}`);
    next += 8;
    return wide(view, next - 8, fail);
  };
  // In this order, and only those that did not fit.
  if (size === 0xffffffff) size = take();
  if (packed === 0xffffffff) packed = take();
  if (offset === 0xffffffff) offset = take();
  const deflated = method === 8;
  if (deflated ? size > packed * maxRatio : size !== packed) fail(`gives ${name} a size that cannot be`);
  return { size, packed, deflated, offset };
}

function extraField(view: DataView, start: number, bytes: number, id: number) {
  for (let at = start; at + 4 <= start + bytes; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === id && end <= start + bytes) return { start: at + 4, end };
    at = end;
  }
  return undefined;
}

function wide(view: DataView, at: number, fail: Fail): number {
  const value = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : fail(`has a size of ${value} bytes, which cannot be`);
}

async function viewOf(file: FileHandle, start: number, bytes: number, fail: Fail): Promise<DataView> {
  const buffer = new Uint8Array(bytes);
  await readAt(file, buffer, start, fail);
  return new DataView(buffer.buffer);
}
