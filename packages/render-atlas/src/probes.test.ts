import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binaries, lists, readArtifact, structs, table, texts, writeArtifact } from "@optogram/artifacts";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { probeTables, readProbes, writeProbes } from "./probes.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "optogram-probes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two things of three and two images, each brighter than the one before; feature 7 is active in all but the first. */
async function write(): Promise<void> {
  const things = ["cup", "cup", "cup", "moon", "moon"];
  const pictures = things.map((_, i) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 50 * i, g: 0, b: 0 } } })
      .webp({ lossless: true })
      .toBuffer(),
  );
  const description = { stage: "probe-features", parameters: {}, inputs: {}, versions: {}, device: "cpu" };
  await writeArtifact(join(folder, "probes"), { ...description, kind: "probes" }, async (writer) => {
    const active = {
      feature: Uint32Array.of(7, 7, 7, 7),
      mean: Float32Array.of(0.1, 0.2, 0.3, 0.4),
      deviation: Float32Array.of(0, 0, 0.01, 0),
    };
    await writer.table(
      "probes.parquet",
      table({
        thing: texts(things),
        probe: texts(["empty", "number", "number", "empty", "number"]),
        value: Float32Array.of(0, 1, 2, 0, 1),
        picture: binaries(await Promise.all(pictures)),
        activations: lists([0, 0, 1, 2, 3, 4], structs(active)),
      }),
    );
    const numbers = ["score", "a_value", "a_here", "a_there", "b_value", "b_here", "b_there"];
    await writer.table(
      "splits.parquet",
      table({
        thing: texts(["moon"]),
        probe: texts(["number"]),
        a: Uint32Array.of(7),
        b: Uint32Array.of(9),
        ...Object.fromEntries(numbers.map((name, i) => [name, Float32Array.of(i)])),
      }),
    );
  });
}

test("a thing's rows share a number, and its pictures a sheet in the cells that the rows name", async () => {
  await write();
  const part = await readProbes(await readArtifact(join(folder, "probes"), "probes"));
  const [probes, splits] = probeTables(part);
  const rows = probes!.table.toArray().map((row) => row.toJSON());
  expect(rows.map(({ thing, probe, value, cell }) => [thing, probe, value, cell])).toEqual([
    [0, "empty", 0, 0],
    [0, "number", 1, 1],
    [0, "number", 2, 2],
    [1, "empty", 0, 0],
    [1, "number", 1, 1],
  ]);
  expect(rows[0]!.activations.length).toBe(0);
  expect(rows[4]!.activations.get(0).toJSON()).toMatchObject({ feature: 7, deviation: 0 });
  expect(splits!.table.get(0)!.toJSON()).toMatchObject({ thing: 1, probe: "number", a: 7, b: 9, b_there: 6 });

  const files = new Map<string, Uint8Array>();
  const site = await writeProbes(part, "e", async (path, bytes) => void files.set(path, bytes));
  expect(site.things).toEqual(["cup", "moon"]);
  expect([...files.keys()]).toEqual(["e/probes/0.jpg", "e/probes/1.jpg"]);
  const { data, info } = await sharp(files.get("e/probes/1.jpg")!)
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([site.columns * site.cell, site.rows * site.cell]);
  const red = (cell: number) => data[(64 * info.width + cell * site.cell + 64) * 3]!;
  expect(Math.abs(red(0) - 150)).toBeLessThan(6);
  expect(Math.abs(red(1) - 200)).toBeLessThan(6);
});
