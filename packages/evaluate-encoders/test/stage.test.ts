import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, readArtifact, toBools, toNumbers, toTexts } from "@optogram/artifacts";
import { type Progress, runStage, StoppedError, silent } from "@optogram/cli";
import { highestPsnr, stage } from "@optogram/evaluate-encoders";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { trainTiny, writeToyEncoder } from "./toys.ts";

const trained = { source: "scenes", seed: 1, count: 40, first: 0 } as const;
const images = { source: "scenes", seed: 2, count: 30, first: 0 };

let root: string;
const at = (name: string) => join(root, name);
const reconstructors = () => ["keen", "coarse"].map((name) => at(`${name}-reconstructor`));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "evaluation-"));
  await writeToyEncoder(at("keen"), { patch: 4, width: 48, seed: 1 });
  await writeToyEncoder(at("coarse"), { patch: 8, width: 16, seed: 2 });
  await writeToyEncoder(at("referee"), { patch: 8, width: 32, seed: 3 });
  for (const name of ["keen", "coarse"])
    await trainTiny(at(`${name}-reconstructor`), { encoder: at(name), images: trained, steps: 60 });
}, 120_000);
afterAll(() => rm(root, { recursive: true }));

const run = (output: string, change: object = {}, more: object = {}) =>
  runStage(stage, {
    parameters: { images, judges: [at("referee")], count: 12, batch: 5, ...change },
    inputs: { reconstructors: reconstructors() },
    output: at(output),
    ...more,
  });

async function tableOf(output: string, name: string) {
  const table = await (await readArtifact(at(output), "evaluation")).table(`${name}.parquet`);
  return {
    rows: table.numRows,
    texts: (column: string) => toTexts(columnOf(table, column)),
    numbers: (column: string) => Array.from(toNumbers(columnOf(table, column)), Number),
    flags: (column: string) => toBools(columnOf(table, column)),
  };
}

const entryIds = [
  "keen",
  "coarse",
  "keen, tokens shuffled",
  "coarse, tokens shuffled",
  "mean image",
  "pixels 16 × 16",
];

describe("evaluate-encoders", { timeout: 60_000 }, () => {
  it("scores every image of every encoder and control by every measure", async () => {
    const manifest = await run("all", { judges: [at("referee"), at("coarse")] });
    const scores = await tableOf("all", "scores");
    expect(scores.rows).toBe(6 * 5 * 12);
    expect([...new Set(scores.texts("entry"))]).toEqual(entryIds);
    expect([...new Set(scores.texts("measure"))]).toEqual([
      ...["cosine-referee", "cosine-coarse", "psnr", "ssim", "delta-e"],
    ]);
    expect([...new Set(scores.numbers("image"))]).toEqual([0, 2, 5, 7, 10, 12, 15, 17, 20, 22, 25, 27]);

    const ranking = await tableOf("all", "ranking");
    const mean = (entry: string, measure: string) => {
      const row = ranking
        .texts("entry")
        .findIndex((id, i) => id === entry && ranking.texts("measure")[i] === measure);
      return ranking.numbers("mean")[row];
    };
    // Pictures are painted at the frame's size: pixels are the original.
    expect(mean("pixels 16 × 16", "psnr")).toBeCloseTo(highestPsnr, 4);
    expect(mean("pixels 16 × 16", "cosine-referee")).toBeCloseTo(1, 5);
    expect(mean("pixels 16 × 16", "delta-e")).toBe(0);
    // Whoever has learnt to paint is better than his tokens in disorder.
    for (const measure of ["psnr", "ssim"])
      expect(mean("keen", measure)).toBeGreaterThan(mean("keen, tokens shuffled", measure));
    expect(mean("keen", "delta-e")).toBeLessThan(mean("keen, tokens shuffled", "delta-e"));

    expect(ranking.numbers("rank").slice(0, 6)).toEqual([1, 2, -1, -1, -1, -1]);
    const [first] = scores.texts("entry");
    const sum = scores
      .numbers("score")
      .slice(0, 12)
      .reduce((total, score) => total + score, 0);
    expect(mean(first as string, "cosine-referee")).toBeCloseTo(sum / 12, 5);
    const judges = ranking.texts("judge");
    const encoders = ranking.texts("encoder");
    expect(ranking.flags("own")).toEqual(
      encoders.map((name, i) => judges[i] === "coarse" && name === "coarse"),
    );
    expect(manifest.metrics).toMatchObject({ encoders: 2, images: 12, measure: "cosine-referee" });
    expect([manifest.metrics.best, manifest.metrics.worst].sort()).toEqual(["coarse", "keen"]);
    expect(Object.keys(manifest.files).sort()).toEqual([
      ...["comparisons.parquet", "evaluation.json"],
      ...["bars", "tokens"].flatMap((kind) =>
        ["cosine-coarse", "cosine-referee", "delta-e", "psnr", "ssim"].map(
          (key) => `figures/${kind}-${key}.svg`,
        ),
      ),
      ...["pictures.webp", "ranking.csv", "ranking.md", "ranking.parquet", "ranking.tex", "scores.parquet"],
    ]);
  });

  it("tells where each picture lies, and of what entries are", async () => {
    await run("pictures");
    const artifact = await readArtifact(at("pictures"), "evaluation");
    const about = await artifact.json(
      "evaluation.json",
      z.looseObject({
        side: z.number(),
        images: z.array(z.object({ position: z.number(), id: z.string() })),
        judges: z.array(z.looseObject({ name: z.string(), compared: z.boolean() })),
        entries: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
        pictures: z.object({
          ...{ file: z.string(), side: z.number(), gap: z.number() },
          ...{ columns: z.array(z.number()), rows: z.array(z.string()) },
        }),
      }),
    );
    expect(about.side).toBe(16);
    expect(about.images[1]).toEqual({ position: 2, id: "scene 2:2" });
    expect(about.judges[0]).toMatchObject({ name: "referee", compared: false });
    expect(about.entries[0]).toMatchObject({
      ...{ id: "keen", kind: "encoder" },
      encoder: { name: "keen", tokens: 16, layer: "last", width: 48, input: [16, 16] },
    });
    const { rows, columns, side, gap, file } = about.pictures;
    expect(rows).toEqual(["original", ...entryIds]);
    expect(columns).toEqual([0, 2, 7, 10, 15, 17, 22, 25]);
    const sheet = await sharp(await artifact.bytes(file)).metadata();
    expect([sheet.width, sheet.height]).toEqual([8 * (side + gap) - gap, rows.length * (side + gap) - gap]);
  });

  it("marks a control with random weights, and layers of one encoder", async () => {
    await writeToyEncoder(at("blank"), { patch: 4, width: 48, seed: 1, randomOf: "keen" });
    await trainTiny(at("blank-reconstructor"), { encoder: at("blank"), images: trained, steps: 2 });
    await trainTiny(at("block-reconstructor"), { encoder: at("keen"), images: trained, steps: 2, layer: 0 });
    const folders = [...reconstructors(), at("blank-reconstructor"), at("block-reconstructor")];
    await run("layers", { pairs: [{ a: "keen", b: "keen@0" }] }, { inputs: { reconstructors: folders } });
    const ranking = await tableOf("layers", "ranking");
    const facts = new Map(
      ranking
        .texts("entry")
        .map((id, i) => [
          id,
          [ranking.texts("kind")[i], ranking.texts("layer")[i], ranking.numbers("block")[i]],
        ]),
    );
    expect(facts.get("keen")).toEqual(["encoder", "last", 1]);
    expect(facts.get("keen@0")).toEqual(["encoder", "0", 0]);
    expect(facts.get("blank")).toEqual(["random-weights", "last", 1]);
    expect(ranking.numbers("rank").slice(0, 5)).toEqual([1, 2, 3, 4, -1]);
    const comparisons = await tableOf("layers", "comparisons");
    expect(comparisons.rows).toBe(6 * 4);
    const families = await tableOf("layers", "families");
    expect([families.texts("a"), families.texts("b"), families.numbers("n")]).toEqual([
      ["keen"],
      ["keen@0"],
      [12],
    ]);
    const artifact = await readArtifact(at("layers"), "evaluation");
    expect(artifact.has("figures/layers-cosine-referee.svg")).toBe(true);
    expect(artifact.has("families.tex")).toBe(true);
    await expect(
      run("twice", {}, { inputs: { reconstructors: [...reconstructors(), reconstructors()[0]] } }),
    ).rejects.toThrow("two reconstructors paint keen");
  });

  it("refuses images that a reconstructor was trained on, and takes those held out", async () => {
    await expect(run("seen", { images: trained, count: 40 })).rejects.toThrow(
      /the reconstructor of keen was trained on 36 of the 40 images, image \d+ for one: name a set/,
    );
    await expect(run("seen", { images: { ...trained, first: 36, count: 20 }, count: 20 })).rejects.toThrow(
      /trained on [34] of the 20 images/,
    );
    // Every tenth was held out.
    const { metrics } = await run("held-out", { images: trained, count: 4 });
    expect(metrics).toMatchObject({ images: 4 });
  });

  it("says that every judge is compared, and refuses what it cannot do", async () => {
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => notes.push(line) };
    await run("judged", { judges: [at("keen")] }, { progress });
    expect(notes).toEqual([expect.stringContaining("every judge is one of the encoders under comparison")]);
    await expect(run("bad", { judges: [] })).rejects.toThrow("bad parameters: judges");
    await expect(run("bad", { judges: [at("keen"), at("keen")] })).rejects.toThrow(
      '"judges" names keen twice',
    );
    await expect(run("bad", { pairs: [{ a: "keen", b: "sharp" }] })).rejects.toThrow(
      '"pairs" names sharp, which nothing was painted by: there are keen, coarse',
    );
  });

  it("has a place for one encoder alone, with nothing to compare", async () => {
    const inputs = { reconstructors: reconstructors().slice(0, 1) };
    const { metrics } = await run("alone", {}, { inputs });
    expect(metrics).toMatchObject({ encoders: 1, best: "keen", worst: "keen" });
    expect((await tableOf("alone", "comparisons")).rows).toBe(0);
    expect((await tableOf("alone", "ranking")).texts("groups").slice(0, 2)).toEqual(["a", null]);
  });

  it("leaves out what cannot be read, and names it", async () => {
    await mkdir(at("photos"));
    for (let i = 0; i < 5; i++) {
      const background = { r: 50 * i, g: 200 - 30 * i, b: 90 };
      const image = sharp({ create: { width: 24, height: 20, channels: 3, background } });
      const png = await image.png().toBuffer();
      await writeFile(at(`photos/${i}.png`), i === 3 ? png.subarray(0, 40) : png);
    }
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => notes.push(line) };
    const photos = { source: "folder", path: at("photos") };
    const { metrics } = await run("photographed", { images: photos }, { progress });
    expect(notes).toEqual([expect.stringMatching(/^3\.png: .*; it is left out$/)]);
    expect(metrics).toMatchObject({ images: 4 });
    expect(new Set((await tableOf("photographed", "scores")).numbers("image"))).toEqual(
      new Set([0, 1, 2, 4]),
    );
  });

  it("compares without colours where it is asked to", async () => {
    await run("coloured");
    await run("grey", { grey: true });
    const [coloured, grey] = await Promise.all(["coloured", "grey"].map((name) => tableOf(name, "ranking")));
    const deltaE = coloured.texts("measure").indexOf("delta-e");
    expect(grey.numbers("mean")[deltaE]).toBeLessThan(coloured.numbers("mean")[deltaE]);
  });

  it("goes on where it was stopped, to the same bytes", async () => {
    const unbroken = await run("unbroken");
    const stop = new AbortController();
    let done = 0;
    const counting: Progress = {
      ...silent,
      phase: () => ({
        advance: (count = 1) => {
          done += count;
          // Originals, the first reconstructor, and a batch of the second.
          if (done >= 12 + 12 + 5) stop.abort();
        },
        done() {},
      }),
    };
    await expect(run("stopped", {}, { progress: counting, signal: stop.signal })).rejects.toThrow(
      StoppedError,
    );
    const scratch = await readFile(join(root, ".scratch/stopped/painter-0.safetensors"));
    expect(scratch.length).toBeGreaterThan(0);
    expect(await run("stopped")).toEqual(unbroken);
  });
});
