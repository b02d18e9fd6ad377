import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { imageKeys, imageSourceSchema } from "@optogram/images";
import { describe, expect, it } from "vitest";
import { folderOf, labels, open } from "./files.ts";

/** Written by Python's tarfile: names over 100 characters (gnu, pax: over 256), links, folders, `../../escape.png`. */
const fixture = (format: string) => join(import.meta.dirname, "../fixtures", `${format}.tar`);

/** A shard whose header at `position` is changed, with the sum of it put right. */
async function changed(position: number, change: (header: Buffer) => void): Promise<string> {
  const bytes = await readFile(fixture("ustar"));
  const header = bytes.subarray(position, position + 512);
  change(header);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return join(await folderOf({ "x.tar": bytes }), "x.tar");
}

describe("WebDataset", () => {
  it.each(["ustar", "gnu", "pax"])(
    "reads %s: images by position, with classes and captions",
    async (format) => {
      const source = await open({ source: "webdataset", path: fixture(format) });
      expect(source.length).toBe(5);
      expect(await source.record(0)).toEqual({
        id: `${format}#0`,
        label: "1",
        caption: "a red square",
        truth: [{ kind: "1", coverage: 1 }],
      });
      expect(await source.record(1)).toMatchObject({ label: "0", caption: "a blue square" });
      expect(await source.record(2)).toEqual({ id: `${format}#2` });
      const colours = await Promise.all(
        [0, 1, 2].map(async (i) => (await source.read(i, 1)).data.subarray(0, 3)),
      );
      expect(colours.map((colour) => [...colour])).toEqual([
        [255, 0, 0],
        [0, 0, 255],
        [0, 255, 0],
      ]);
      await expect(source.record(4)).rejects.toThrow(`${format}#4: its json member is no JSON object`);
    },
  );

  it("takes shards of a folder or a pattern, and names of classes from classnames.txt", async () => {
    const path = await folderOf({ "classnames.txt": "cat\ndog\n" });
    for (const shard of ["a", "b", "c"]) await copyFile(fixture("gnu"), join(path, `${shard}.tar`));
    const source = await open({ source: "webdataset", path });
    expect(source.id(14)).toBe("c#4");
    expect([await source.record(5), await source.record(6)]).toMatchObject([
      { id: "b#0", label: "dog" },
      { id: "b#1", label: "cat" },
    ]);
    const pattern = { source: "webdataset", path: join(path, "{a,c}.tar"), limit: 2 };
    expect(await imageKeys(imageSourceSchema.parse(pattern))).toEqual([`${path}/a#0`, `${path}/c#0`]);
    await writeFile(join(path, "mine.txt"), "Katze\nHund\n");
    expect(await labels({ ...pattern, names: join(path, "mine.txt") })).toEqual(["Hund", "Hund"]);
  });

  it("says what is wrong with a shard", async () => {
    const at = (path: string) => open({ source: "webdataset", path });
    const zipped = await folderOf({ "x.tar": gzipSync(await readFile(fixture("gnu"))) });
    await expect(at(zipped)).rejects.toThrow(/x\.tar: is compressed; unpack it with gunzip first$/);
    await expect(at(await folderOf({ "x.tar": Buffer.alloc(2000, "text ") }))).rejects.toThrow(
      /is no \.tar file/,
    );
    await expect(at(await folderOf({ "x.tar": Buffer.alloc(1024) }))).rejects.toThrow(
      /no images in its shards/,
    );
    await expect(at(await folderOf({ "x.png": "" }))).rejects.toThrow(/no \.tar files in this folder/);
    const cut = await folderOf({ "x.tar": await readFile(fixture("gnu")) });
    await truncate(join(cut, "x.tar"), 12_000);
    await expect(at(cut)).rejects.toThrow(/x\.tar: is cut short/);
    // GNU's form of a size that octal digits do not hold: 2^63 bytes.
    const absurd = await changed(512, (header) =>
      header.set([0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], 124),
    );
    await expect(at(absurd)).rejects.toThrow(/states a size that is no number at byte 512; download/);
    const large = await changed(512, (header) => header.write("77777777777\0", 124));
    await expect(at(large)).rejects.toThrow(/is cut short: a member at byte 512 ends after it/);
    const sparse = await changed(512, (header) => header.write("S", 156));
    await expect(at(sparse)).rejects.toThrow(/holds a sparse file/);
    const pax = await changed(512, (header) => header.write("x", 156));
    await expect(at(pax)).rejects.toThrow(/has a damaged extended header/);
  });
});
