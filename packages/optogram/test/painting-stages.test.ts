/** The stages that paint what others found, on what the real stages before them write of a few scenes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  columnOf,
  readArtifact,
  toBinaries,
  toBools,
  toNumbers,
  toTexts,
  toVectors,
} from "@optogram/artifacts";
import { runStage, StoppedError } from "@optogram/cli";
import { loadStage } from "@optogram/optogram";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const images = 96;
const latents = 24;
const quick = { steps: 2, views: 1 };

let home: string;
const at = (name: string) => join(home, name);

async function run(
  kind: string,
  output: string,
  inputs: readonly string[],
  parameters: Record<string, unknown>,
  signal = new AbortController().signal,
) {
  return await runStage(await loadStage(kind), {
    parameters,
    inputs: Object.fromEntries(inputs.map((name) => [name.replace(/^other-/, ""), [at(name)]])),
    output: at(output),
    signal,
    progress: {
      phase: (name) => ({ advance: () => name !== judging && onStep(), done() {} }),
      note() {},
    },
  });
}

/** The phase after the search. */
const judging = "judge the pictures";
/** Called at each step of a search. */
let onStep = () => {};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "optogram-painting-"));
  const small = { name: "tiny", size: 32, width: 24, depth: 1, heads: 2, embedding: 16 };
  await run("train-encoder", "tiny", [], { ...small, samples: 256, batch: 16, heldOut: 40 });
  const encoder = at("tiny");
  await run("extract-features", "features", [], {
    encoder,
    images: { source: "scenes", seed: 5, count: images },
  });
  const trained = { latents, variant: "topk", k: 6, steps: 200, batch: 32 };
  await run("train-sae", "sae", ["features"], trained);
  await run("train-sae", "other-sae", ["features"], { ...trained, seed: 2 });
  await run("compute-coactivation", "coactivation", ["sae", "features"], {});
  for (const of of ["", "other-"]) {
    await run("train-decoder", `${of}decoder`, ["features", `${of}sae`], { exemplars: 32 });
  }
}, 240_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("combine-features", { timeout: 120_000 }, () => {
  const inputs = ["features", "sae", "decoder", "coactivation"];
  const named = { ...quick, pairs: [[0, 1]] };

  it("paints every part of a pair and says of one that it is the middle", async () => {
    await run("combine-features", "combinations", inputs, named);
    const written = await readArtifact(at("combinations"), "combinations");
    const pictures = await written.table("pictures.parquet");
    expect(toTexts(columnOf(pictures, "part"))).toEqual([
      "a",
      "b",
      "over",
      "beside",
      "a beyond b",
      "b beyond a",
    ]);
    expect(toBools(columnOf(pictures, "middle")).filter(Boolean)).toHaveLength(1);
    for (const file of toBinaries(columnOf(pictures, "picture")))
      expect(Array.from(file.subarray(1, 4))).toEqual(Array.from(Buffer.from("PNG")));
    for (const cosine of toNumbers(columnOf(pictures, "cosine")))
      expect(Math.abs(Number(cosine))).toBeLessThan(1);
    expect(toVectors(columnOf(pictures, "crops_a"))).toMatchObject({ width: 9 });
    const pairs = await written.table("pairs.parquet");
    expect(toTexts(columnOf(pairs, "why"))).toEqual(["named"]);
    expect(written.manifest.metrics).toMatchObject({ pairs: 1 });
  });

  it("ends after a stop in the very artifact of an unbroken run", async () => {
    const two = {
      ...named,
      pairs: [
        [0, 1],
        [2, 3],
      ],
    };
    const whole = await run("combine-features", "whole", inputs, two);
    const stop = new AbortController();
    let steps = 0;
    onStep = () => {
      // In the second of two batches.
      if (++steps === quick.steps + 1) stop.abort();
    };
    await expect(run("combine-features", "again", inputs, two, stop.signal)).rejects.toThrow(StoppedError);
    let made = 0;
    onStep = () => {
      made++;
    };
    const again = await run("combine-features", "again", inputs, two);
    onStep = () => {};
    expect(made).toBe(quick.steps);
    expect(again.files).toEqual(whole.files);
  });

  it("refuses a pair of one, and a feature that is not there", async () => {
    for (const pair of [
      [3, 3],
      [0, latents],
    ])
      await expect(run("combine-features", "none", inputs, { ...quick, pairs: [pair] })).rejects.toThrow(
        `features ${pair[0]} and ${pair[1]} are no pair`,
      );
  });

  it("refuses the decoder of another dictionary", async () => {
    const mixed = ["features", "sae", "other-decoder", "coactivation"];
    await expect(run("combine-features", "none", mixed, named)).rejects.toThrow("run train-decoder again");
  });
});

describe("spread-images", { timeout: 120_000 }, () => {
  const inputs = ["features", "sae"];

  it("begins each generation with another image than its own, and no two with the same", async () => {
    await run("spread-images", "spread", inputs, { ...quick, chosen: [7, 40], generations: 3 });
    const written = await readArtifact(at("spread"), "spread");
    const numbers = async (table: string, name: string) =>
      Array.from(toNumbers(columnOf(await written.table(table), name)), Number);
    expect(await numbers("originals.parquet", "image")).toEqual([7, 40]);
    const of = await numbers("generations.parquet", "image");
    expect(of).toEqual([7, 7, 7, 40, 40, 40]);
    const begun = await numbers("generations.parquet", "beginning");
    expect(new Set(of.map((image, i) => `${image} ${begun[i]}`))).toHaveLength(6);
    expect(of.filter((image, i) => image === begun[i])).toEqual([]);
    const differences = await written.table("differences.parquet");
    expect(toTexts(columnOf(differences, "statistic"))).toEqual(["saturation", "contrast", "things"]);
    // A search of two steps has hardly left its beginning.
    const [cosines, before] = [
      await numbers("generations.parquet", "cosine"),
      await numbers("generations.parquet", "beginning_cosine"),
    ];
    for (const [i, cosine] of cosines.entries()) expect(Math.abs(cosine - before[i])).toBeLessThan(0.3);
  });

  it("writes the same bytes for the same seed, and chooses others for another", async () => {
    const choose = (output: string, seed: number) =>
      run("spread-images", output, inputs, { ...quick, count: 2, generations: 2, seed });
    const first = await choose("first", 1);
    expect((await choose("second", 1)).files).toEqual(first.files);
    expect((await choose("third", 2)).files).not.toEqual(first.files);
  });

  it("refuses an image that was not seen, and more generations than there are others", async () => {
    await expect(run("spread-images", "none", inputs, { ...quick, chosen: [images] })).rejects.toThrow(
      `image ${images} is not among those`,
    );
    await expect(run("spread-images", "none", inputs, { ...quick, generations: images })).rejects.toThrow(
      "are too few",
    );
  });
});
