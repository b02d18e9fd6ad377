import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeImage } from "@optogram/images";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { repairPng } from "../fuzz/damage.ts";
import { type Target, targets } from "../fuzz/targets.ts";
import { Trials } from "../fuzz/trial.ts";

/** Seconds altogether; `node tools/fuzz.ts --count 10000` is for a change of a reader. */
const trialsEach = 40;

describe.each(targets.map((target) => [target.name, target] as const))("%s", (_, target) => {
  it("reads the sound files that are damaged", async () => {
    const trials = await Trials.begin(target, 1);
    for (const path of (await target.seeds()).keys())
      expect(await trials.sound(path)).toMatchObject({ kind: "read" });
    await trials.end();
  });

  it(`reads or refuses ${trialsEach} damaged files, and nothing else happens`, async () => {
    const trials = await Trials.begin(target, 20);
    const outcomes = [];
    for (let index = 0; index < trialsEach; index++) outcomes.push(await trials.run(index));
    await trials.end();
    expect(outcomes.filter(({ kind }) => kind === "defect")).toEqual([]);
    expect(outcomes.some(({ kind }) => kind === "refused")).toBe(true);
  });
});

describe("a trial", () => {
  const target = (read: Target["read"]): Target => ({
    name: "toy",
    errors: ["RangeError"],
    seeds: async () => new Map([["a.bin", Buffer.from("some bytes")]]),
    read,
  });

  it.each<[string, Target["read"], string]>([
    [
      "another class of error",
      () => Promise.reject(new TypeError("x is undefined")),
      "TypeError: x is undefined",
    ],
    ["an error of two lines", () => Promise.reject(new RangeError("a\nb")), 'not one line: "a\\nb"'],
    ["no error at all", () => Promise.reject("text"), "no error: text"],
    ["a file outside", (file) => writeFile(join(dirname(file), "../../out"), ""), "wrote or removed "],
  ])("finds %s", async (_, read, message) => {
    const trials = await Trials.begin(target(read), 1);
    const outcome = await trials.run(0);
    await trials.end();
    expect(outcome.kind).toBe("defect");
    expect(outcome.message).toContain(message);
  });

  it("is the same for the same seed and index, and another for others", async () => {
    const files = await Promise.all([1, 1, 2].map((seed) => Trials.begin(target(readFile), seed)));
    const damage = files.map((trials) =>
      Array.from({ length: 9 }, (_, i) => trials.damaged(i).bytes.toString()),
    );
    await Promise.all(files.map((trials) => trials.end()));
    expect(damage[1]).toEqual(damage[0]);
    expect(damage[2]).not.toEqual(damage[0]);
    expect(new Set(damage[0]).size).toBeGreaterThan(5);
  });
});

it("repaired checksums let damage through to the reader", async () => {
  const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  png.writeUInt32BE(3, 20);
  expect(await decodeImage(repairPng(png), "a.png").catch((error) => error.message)).toMatchObject({
    height: 3,
  });
});
