import { join } from "node:path";
import {
  binaries,
  bools,
  codes,
  columnOf,
  fieldOfStruct,
  lists,
  readTable,
  structs,
  table,
  toBinaries,
  toBools,
  toCodes,
  toFloats,
  toLists,
  toNumbers,
  toTexts,
  toVectors,
  vectors,
  writeTable,
} from "@optogram/artifacts";
import { Float32, Uint16, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rejection, temporaryFolder } from "./temporary.ts";

const float = fc.float({ noNaN: true });

/** Sparse rows as flat arrays. */
const sparseRows = fc
  .array(fc.array(fc.tuple(fc.nat(65_535), float), { maxLength: 4 }), { maxLength: 12 })
  .map((rows) => {
    const offsets = Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
    const entries = rows.flat();
    return {
      offsets,
      features: Uint16Array.from(entries, ([feature]) => feature),
      values: Float32Array.from(entries, ([, value]) => value),
    };
  });

test("codes come back from Parquet as they were, whatever the row groups", async () => {
  const path = join(await temporaryFolder(), "codes.parquet");
  await fc.assert(
    fc.asyncProperty(sparseRows, fc.integer({ min: 1, max: 5 }), async (rows, rowGroupRows) => {
      await writeTable(path, table({ code: codes(rows) }), { rowGroupRows });
      const back = toCodes(columnOf(await readTable(path), "code"));
      expect(back.offsets).toEqual(rows.offsets);
      expect([...back.features]).toEqual([...rows.features]);
      expect(back.values).toEqual(rows.values);
    }),
    { numRuns: 25 },
  );
});

test("vectors come back from Parquet as they were, whatever the row groups and compression", async () => {
  const path = join(await temporaryFolder(), "vectors.parquet");
  const rows = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(9)).chain(([width, count]) =>
    fc.record({
      width: fc.constant(width),
      values: fc
        .array(float, { minLength: width * count, maxLength: width * count })
        .map((row) => Float32Array.from(row)),
    }),
  );
  const compression = fc.constantFrom("none" as const, "snappy" as const, "zstd" as const);
  await fc.assert(
    fc.asyncProperty(rows, compression, fc.integer({ min: 1, max: 4 }), async (row, codec, rowGroupRows) => {
      const data = table({ embedding: vectors(row.values, row.width) });
      await writeTable(path, data, { rowGroupRows, compression: codec });
      expect(toVectors(columnOf(await readTable(path), "embedding"))).toEqual(row);
    }),
    { numRuns: 25 },
  );
});

test("every kind of column comes back", async () => {
  const path = join(await temporaryFolder(), "all.parquet");
  const truth = structs({ kind: ["fish", "boat", null], coverage: Float32Array.of(0.25, 0.5, 1) });
  await writeTable(
    path,
    table({
      image: Uint32Array.of(7, 8, 9),
      big: BigInt64Array.of(-1n, 2n ** 62n, 0n),
      id: ["a", null, "ü\n"],
      dead: bools([true, false, true]),
      picture: binaries([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(255)]),
      truth: lists([0, 2, 2, 3], truth),
      histogram: lists(Uint32Array.of(0, 0, 1, 3), Uint32Array.of(5, 6, 7)),
    }),
  );
  const back = await readTable(path);
  expect(toNumbers(columnOf(back, "image"))).toEqual(Uint32Array.of(7, 8, 9));
  expect(toFloats(columnOf(back, "big"))).toEqual(Float32Array.of(-1, 2 ** 62, 0));
  expect(toTexts(columnOf(back, "id"))).toEqual(["a", null, "ü\n"]);
  expect(toBools(columnOf(back, "dead"))).toEqual([true, false, true]);
  expect(toBinaries(columnOf(back, "picture")).map((bytes) => [...bytes])).toEqual([[1, 2], [], [255]]);
  expect(() => toBinaries(columnOf(back, "id"))).toThrow("a column of bytes is expected");
  const { offsets, items } = toLists(columnOf(back, "truth"));
  expect(offsets).toEqual(Int32Array.of(0, 2, 2, 3));
  expect(toTexts(fieldOfStruct(items, "kind"))).toEqual(["fish", "boat", null]);
  expect(toNumbers(fieldOfStruct(items, "coverage"))).toEqual(Float32Array.of(0.25, 0.5, 1));
  expect(toNumbers(toLists(columnOf(back, "histogram")).items)).toEqual(Uint32Array.of(5, 6, 7));
});

test("an empty table keeps its columns", async () => {
  const path = join(await temporaryFolder(), "empty.parquet");
  const nothing = { offsets: [0], features: new Uint16Array(), values: new Float32Array() };
  const empty = { ...nothing, offsets: Int32Array.from(nothing.offsets) };
  await writeTable(path, table({ id: [], code: codes(empty), embedding: vectors(new Float32Array(), 3) }));
  const back = await readTable(path);
  expect(back.numRows).toBe(0);
  expect(toTexts(columnOf(back, "id"))).toEqual([]);
  expect(toVectors(columnOf(back, "embedding"))).toEqual({ values: new Float32Array(), width: 3 });
  expect(toCodes(columnOf(back, "code")).offsets).toEqual(Int32Array.of(0));
  expect((await readTable(path, ["id"])).schema.names).toEqual(["id"]);
});

test("columns that Arrow's own builders made are read to their end and no further", () => {
  expect(toNumbers(vectorFromArray([1, 2, 3], new Uint16()))).toEqual(Uint16Array.of(1, 2, 3));
  expect(toFloats(vectorFromArray([], new Float32()))).toEqual(new Float32Array());
});

test("slices of columns are read from their own start", () => {
  const rows = {
    offsets: Int32Array.of(0, 1, 3, 4),
    features: Uint32Array.of(9, 8, 7, 6),
    values: new Float32Array(4),
  };
  const whole = table({ code: codes(rows), embedding: vectors(Float32Array.of(1, 2, 3, 4, 5, 6), 2) });
  const slice = whole.slice(1, 3);
  const back = toCodes(columnOf(slice, "code"));
  expect(back.offsets).toEqual(Int32Array.of(0, 2, 3));
  expect([...back.features]).toEqual([8, 7, 6]);
  expect(toVectors(columnOf(slice, "embedding")).values).toEqual(Float32Array.of(3, 4, 5, 6));
});

test("columns that do not fit are refused", async () => {
  expect(() => table({ a: new Float32Array(2), b: new Float32Array(3) })).toThrow('"b" has 3 rows, not 2');
  expect(() => vectors(new Float32Array(5), 2)).toThrow("5 values are no rows of 2");
  expect(() => lists([0, 2, 1, 3], new Uint32Array(3))).toThrow("offset 2 of a list column falls");
  expect(() => lists([0, 2], new Uint32Array(3))).toThrow("go from 0 to its 3 items");
  const one = table({ id: ["a"], x: new Float32Array(1) });
  expect(() => columnOf(one, "y")).toThrow('there is no column "y" among id, x');
  expect(() => toVectors(columnOf(one, "x"))).toThrow(
    "float32 vectors of one width is expected, not Float32",
  );
  expect(() => toNumbers(columnOf(one, "id"))).toThrow("a column of numbers is expected, not Utf8");
  expect(() => toCodes(columnOf(one, "x"))).toThrow("a column of lists is expected");
  const path = join(await temporaryFolder(), "x.parquet");
  await writeTable(path, one);
  expect((await rejection(readTable(path, ["nope"]))).message).toBe(
    `${path}: there is no column "nope"; there are id, x`,
  );
});
