import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { columnOf, readArtifact, toBinaries, toNumbers, toVectors } from "@optogram/artifacts";
import { runStage } from "@optogram/cli";
import {
  anglesBetween,
  type Digits,
  drawDigits,
  readMnist,
  stage,
  trainSuperposition,
} from "@optogram/train-superposition";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "optogram-superposition-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("drawn digits", () => {
  test("are the same whichever are drawn beside them, and none is blank or cut off by its neighbours", async () => {
    const many = await drawDigits(3, 0, 300);
    const few = await drawDigits(3, 250, 50);
    expect(few.labels).toEqual(many.labels.slice(250));
    expect(few.pixels).toEqual(many.pixels.slice(250 * 784));
    expect(new Set(many.labels).size).toBe(10);
    for (let i = 0; i < 300; i++) {
      const ink = many.pixels.subarray(i * 784, (i + 1) * 784).reduce((sum, value) => sum + value, 0) / 255;
      expect(ink).toBeGreaterThan(15);
      expect(ink).toBeLessThan(300);
    }
    expect((await drawDigits(4, 0, 50)).pixels).not.toEqual(many.pixels.slice(0, 50 * 784));
  });
});

describe("training", () => {
  test("ten classes end as ten directions around the circle", async () => {
    const [training, heldOut] = [await drawDigits(1, 0, 2000), await drawDigits(1, 2000, 600)];
    const settings = { steps: 150, batch: 128, rate: 0.01, seed: 5, each: 20 };
    const { frames, shown, heldOut: judged } = await trainSuperposition(training, heldOut, settings);
    expect(judged.accuracy).toBeGreaterThan(0.85);
    expect(frames.map(({ step }) => step)).toEqual(Array.from({ length: 151 }, (_, i) => i));
    expect(frames[0]!.accuracy).toBeLessThan(0.4);
    expect(frames.at(-1)!.loss).toBeLessThan(frames[0]!.loss);
    expect([...shown].map((image) => heldOut.labels[image])).toEqual(
      Array.from({ length: 200 }, (_, i) => Math.floor(i / 20)),
    );
    const { directions } = frames.at(-1)!;
    for (let c = 0; c < 10; c++)
      expect(Math.hypot(directions[2 * c]!, directions[2 * c + 1]!)).toBeCloseTo(1, 5);
    const angles = anglesBetween(directions);
    expect(angles.reduce((sum, angle) => sum + angle, 0)).toBeCloseTo(360, 6);
    expect(angles[0]).toBeGreaterThan(15);
  }, 60_000);
});

describe("the stage", () => {
  const parameters = { digits: 300, steps: 4, each: 5, batch: 32, seed: 2 };

  test("writes a row a frame and a row a shown digit, the same bytes for the same seed", async () => {
    const run = (name: string, seed: number) =>
      runStage(stage, { parameters: { ...parameters, seed }, output: join(folder, name) });
    const first = await run("a", 2);
    expect(await run("b", 2)).toEqual(first);
    expect((await run("c", 3)).files["frames.parquet"]).not.toEqual(first.files["frames.parquet"]);

    const artifact = await readArtifact(join(folder, "a"), "superposition");
    const frames = await artifact.table("frames.parquet");
    expect([...toNumbers(columnOf(frames, "step"))]).toEqual([0, 1, 2, 3, 4]);
    expect(toVectors(columnOf(frames, "position"))).toMatchObject({ width: 100 });
    expect(toVectors(columnOf(frames, "direction"))).toMatchObject({ width: 20 });
    const points = await artifact.table("points.parquet");
    expect([...toNumbers(columnOf(points, "label"))].slice(0, 6)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(toBinaries(columnOf(points, "pixels")).map((pixels) => pixels.length)).toEqual(
      new Array(50).fill(784),
    );
  });

  test("says what to do where there are too few of a digit to show", async () => {
    const output = join(folder, "a");
    await writeMnist(folder);
    await expect(runStage(stage, { parameters: { mnist: folder, each: 5 }, output })).rejects.toThrow(
      /held-out pictures of \d, not 5: show fewer/,
    );
  });
});

function idx(sizes: readonly number[], data: Uint8Array, magic = 0x800 + sizes.length): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, data]);
}

/** A folder like MNIST's: training files gzipped, the others not. */
async function writeMnist(
  folder: string,
  { count = 20, side = 28, labels = 20, digit = 9 } = {},
): Promise<Digits> {
  const pixels = Uint8Array.from({ length: count * side * side }, (_, i) => (i * 7) % 256);
  const names = Uint8Array.from({ length: labels }, (_, i) => (i === 0 ? digit : i % 10));
  for (const [part, pack] of [
    ["train", gzipSync],
    ["t10k", (bytes: Buffer) => bytes],
  ] as const) {
    const ending = part === "train" ? ".gz" : "";
    await writeFile(
      join(folder, `${part}-images-idx3-ubyte${ending}`),
      pack(idx([count, side, side], pixels)),
    );
    await writeFile(join(folder, `${part}-labels-idx1-ubyte${ending}`), pack(idx([labels], names)));
  }
  return { pixels, labels: names };
}

describe("MNIST's files", () => {
  test("are read gzipped or not", async () => {
    const written = await writeMnist(folder);
    const { training, heldOut } = await readMnist(folder);
    for (const digits of [training, heldOut]) {
      expect(new Uint8Array(digits.pixels)).toEqual(written.pixels);
      expect(new Uint8Array(digits.labels)).toEqual(written.labels);
    }
  });

  test.each([
    [{ side: 27 }, /pictures are 27 × 27 pixels, not 28 × 28; download/],
    [{ labels: 19 }, /it has 19 labels for 20 pictures/],
    [{ digit: 10 }, /label 0 is 10, not a digit/],
  ])("that do not fit are refused (%o)", async (wrong, message) => {
    await writeMnist(folder, wrong);
    await expect(readMnist(folder)).rejects.toThrow(message);
  });

  test("that are missing are named", async () => {
    await expect(readMnist(folder)).rejects.toThrow(/there is no train-images-idx3-ubyte, nor .*\.gz; name/);
  });
});
