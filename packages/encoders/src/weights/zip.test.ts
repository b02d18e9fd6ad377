import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fail, readDirectory, readEntry } from "./zip.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zip-"));
});
afterAll(() => rm(folder, { recursive: true }));

const fail: Fail = (what) => {
  throw new Error(what);
};

/** An archive of one stored file, its sizes and place in a zip64 field, as those beyond 4 GiB are. */
function large(name: string, content: Buffer, claimed = BigInt(content.length)): Buffer {
  const local = Buffer.alloc(30);
  local.write("PK\x03\x04", "latin1");
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.write("PK\x01\x02", "latin1");
  entry.fill(0xff, 20, 28);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(4 + 24, 30);
  entry.fill(0xff, 42, 46);
  const extra = Buffer.alloc(4 + 24);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(claimed, 4);
  extra.writeBigUInt64LE(claimed, 12);
  const directory = Buffer.concat([entry, Buffer.from(name), extra]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(30 + name.length + content.length, 16);
  return Buffer.concat([local, Buffer.from(name), content, directory, end]);
}

async function readOnly(bytes: Buffer): Promise<[string, Uint8Array][]> {
  const path = join(folder, "archive.zip");
  await writeFile(path, bytes);
  const file = await open(path);
  try {
    const directory = await readDirectory(file, bytes.length, fail);
    const read: [string, Uint8Array][] = [];
    for (const [name, entry] of directory)
      read.push([name, await readEntry(file, bytes.length, name, entry, fail)]);
    return read;
  } finally {
    await file.close();
  }
}

test("sizes in zip64 fields", async () => {
  const content = Buffer.from("weights");
  expect(await readOnly(large("a/data/0", content))).toEqual([["a/data/0", new Uint8Array(content)]]);
});

test("sizes that cannot be are refused before anything is read", async () => {
  const content = Buffer.from("weights");
  await expect(readOnly(large("a", content, 1n << 40n))).rejects.toThrow("places a beyond its end");
  await expect(readOnly(large("a", content, 1n << 60n))).rejects.toThrow("which cannot be");
  await expect(readOnly(large("a", content).subarray(0, -1))).rejects.toThrow("is cut short");
});
