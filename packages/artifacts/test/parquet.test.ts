import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ArtifactError,
  codes,
  columnOf,
  encodeTable,
  openParquet,
  readTable,
  structs,
  table,
  toNumbers,
  vectors,
  writeTable,
} from "@optogram/artifacts";
import { Binary, Utf8, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { rejection, temporaryFolder } from "./temporary.ts";

/** A small table with a column of each nested kind. */
function example() {
  const rows = 20;
  return table({
    image: Uint32Array.from({ length: rows }, (_, i) => i),
    id: Array.from({ length: rows }, (_, i) => `scene-${i % 3}`),
    embedding: vectors(Float32Array.from({ length: rows * 4 }, Math.sin), 4),
    code: codes({
      offsets: Int32Array.from({ length: rows + 1 }, (_, i) => i * 2),
      features: Uint16Array.from({ length: rows * 2 }, (_, i) => i),
      values: Float32Array.from({ length: rows * 2 }, Math.cos),
    }),
  });
}

let sound: Uint8Array;
beforeAll(async () => {
  sound = await encodeTable(example(), { rowGroupRows: 8 });
});

test("the same table gives the same bytes", async () => {
  await encodeTable(table({ other: new Float64Array(100) }), { compression: "none" });
  expect(await encodeTable(example(), { rowGroupRows: 8 })).toEqual(sound);
});

test("a table that was read in pieces, or cut from another, is written like one that was made whole", async () => {
  const path = join(await temporaryFolder(), "a.parquet");
  await writeFile(path, sound);
  expect(await encodeTable(await readTable(path), { rowGroupRows: 8 })).toEqual(sound);
  const longer = (await readTable(path)).concat(await readTable(path));
  expect(await encodeTable(longer.slice(20, 40), { rowGroupRows: 8 })).toEqual(sound);
});

test("a file says who wrote it and nothing that varies", async () => {
  const path = join(await temporaryFolder(), "a.parquet");
  await writeFile(path, sound);
  const file = await openParquet(path);
  expect([...file.metadata.keys()]).toEqual(["ARROW:schema"]);
  file.close();
});

test("row groups are read one by one, and only the columns asked for", async () => {
  const path = join(await temporaryFolder(), "a.parquet");
  await writeFile(path, sound);
  const file = await openParquet(path);
  expect(file.rows).toBe(20);
  expect(file.rowGroups.map(({ rows }) => rows)).toEqual([8, 8, 4]);
  expect(file.schema.names).toEqual(["image", "id", "embedding", "code"]);
  const last = await file.readRowGroup(2, ["image"]);
  expect(last.schema.names).toEqual(["image"]);
  expect(toNumbers(columnOf(last, "image"))).toEqual(Uint32Array.of(16, 17, 18, 19));
  const counts: number[] = [];
  for await (const group of file.read()) counts.push(group.numRows);
  expect(counts).toEqual([8, 8, 4]);
  expect((await rejection(file.readRowGroup(3))).message).toBe(`${path}: there is no row group 3 of 3`);
  file.close();
});

test("several files are open at once, and one that is damaged does not end the others", async () => {
  const folder = await temporaryFolder();
  const good = join(folder, "good.parquet");
  await writeFile(good, sound);
  const file = await openParquet(good);
  const bad = join(folder, "bad.parquet");
  for (let at = 4; at < sound.length; at += 160) {
    await writeFile(bad, sound.with(at, sound[at]! ^ 0xff));
    await readTable(bad).catch((error: unknown) => expect(error).toBeInstanceOf(ArtifactError));
  }
  expect((await file.readRowGroup(0)).numRows).toBe(8);
  file.close();
});

test("images in Hugging Face's layout are read", async () => {
  const path = join(await temporaryFolder(), "train.parquet");
  const bytes = vectorFromArray([Uint8Array.of(1, 2), Uint8Array.of(3)], new Binary());
  const image = structs({ bytes, path: vectorFromArray(["a.jpg", "b.jpg"], new Utf8()) });
  await writeTable(path, table({ image, label: BigInt64Array.of(3n, 4n) }));
  const row: unknown = columnOf(await readTable(path), "image")
    .get(1)
    ?.toJSON();
  expect(row).toEqual({ bytes: Uint8Array.of(3), path: "b.jpg" });
});

test("a file cut short, changed or of another kind is refused in one line", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "bad.parquet");
  for (const length of [0, 3, 11, 12, 100, sound.length - 1]) {
    await writeFile(path, sound.subarray(0, length));
    expect((await rejection(readTable(path))).message).toMatch(
      /^[^\n]*bad\.parquet: (is no|cannot be read)[^\n]*$/,
    );
  }
  await writeFile(path, "PAR1 this is a text that ends like a Parquet file PAR1");
  expect((await rejection(readTable(path))).message).toMatch(
    /cannot be read as Parquet: .*; write or download it again$/,
  );
  expect((await rejection(readTable(folder))).message).toBe(`${folder}: is no file; name a Parquet file`);
  expect((await rejection(readTable(join(folder, "none")))).message).toContain(
    "none: cannot be read: ENOENT",
  );
});

test("a flipped bit gives a table of the same rows or an error in one line, and nothing else", async () => {
  const path = join(await temporaryFolder(), "flipped.parquet");
  await fc.assert(
    fc.asyncProperty(fc.nat(sound.length - 1), fc.nat(7), async (at, bit) => {
      await writeFile(path, sound.with(at, sound[at]! ^ (1 << bit)));
      try {
        expect((await readTable(path)).numRows).toBe(20);
      } catch (error) {
        expect(error).toBeInstanceOf(ArtifactError);
        expect((error as Error).message).toMatch(/^[^\n]*flipped\.parquet: [^\n]*$/);
      }
    }),
    { numRuns: 25 },
  );
});

test("compression is the one asked for", async () => {
  const path = join(await temporaryFolder(), "zeros.parquet");
  const zeros = table({ x: vectors(new Float32Array(64_000), 64) });
  const size = async (compression: "none" | "snappy" | "zstd") => {
    await writeTable(path, zeros, { compression });
    return (await readFile(path)).byteLength;
  };
  const [none, snappy, zstd] = [await size("none"), await size("snappy"), await size("zstd")];
  expect(none).toBeGreaterThan(256_000);
  expect(snappy).toBeLessThan(none / 10);
  expect(zstd).toBeLessThan(snappy);
});
