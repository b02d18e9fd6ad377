import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, readArtifact, toNumbers, toTexts } from "@optogram/artifacts";
import { type Progress, runStage, StoppedError, silent } from "@optogram/cli";
import { splitImages, stage } from "@optogram/fit-operators";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { tokenWidth, writeToyEncoder, writeToyReconstructor } from "./toy.ts";

const trained = { source: "scenes", seed: 1, count: 20, first: 0 };
const images = { source: "scenes", seed: 2, count: 30, first: 0 };
const small = { images, fitImages: 24, judgeImages: 4, changes: ["swap"], batch: 4 };

let root: string;
let reconstructor: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "operators-"));
  const encoder = await writeToyEncoder(join(root, "toy"));
  reconstructor = await writeToyReconstructor(join(root, "reconstructor"), encoder, {
    source: trained,
    heldOut: [3, 4, 5, 6],
  });
});

afterAll(() => rm(root, { recursive: true }));

const run = (name: string, parameters: object, more: object = {}) =>
  runStage(stage, {
    parameters: { ...small, ...parameters },
    inputs: { reconstructor: [reconstructor] },
    output: join(root, name),
    ...more,
  });

async function scores(name: string) {
  const table = await (await readArtifact(join(root, name), "operators")).table("scores.parquet");
  const column = (key: string) => toTexts(columnOf(table, key));
  const [change, operator, against] = ["change", "operator", "against"].map(column);
  const deltaE = Array.from(toNumbers(columnOf(table, "delta_e")), Number);
  return {
    standards: (of: string) => [...new Set(against.filter((_, i) => change[i] === of))],
    mean: (of: string, by: string, from: string) => {
      const rows = change.flatMap((name, i) =>
        name === of && operator[i] === by && against[i] === from ? [deltaE[i]] : [],
      );
      expect(rows).toHaveLength(4);
      return rows.reduce((sum, value) => sum + value, 0) / rows.length;
    },
  };
}

describe("fit-operators", () => {
  it("finds maps that move colours and places as the changes do, where tokens are the pixels", async () => {
    const own = { name: "green-only", matrix: [0, 1, 2].map((c) => [0, c === 1 ? 1 : 0, 0, 0]) };
    const manifest = await run("all", { changes: ["swap", "blue-12", "colourise", "flip"], own: [own] });
    const { mean, standards } = await scores("all");
    for (const change of ["swap", "flip"])
      for (const operator of ["orthogonal", "self-adjoint", "self-adjoint-nearest", "least-squares"])
        for (const standard of ["changed", "changed-repainted", "repainted-changed"])
          expect(mean(change, operator, standard)).toBeLessThan(0.5);
    for (const change of ["swap", "blue-12", "green-only"])
      expect(mean(change, "least-squares", "changed")).toBeLessThan(
        0.5 * mean(change, "identity", "changed"),
      );
    expect(standards("colourise")).toEqual(["changed", "changed-repainted"]);
    expect(manifest.metrics).toMatchObject({
      images: 4,
      deltaE: { swap: { repainted: expect.any(Number) } },
    });
    expect(Object.keys(manifest.files).sort()).toEqual([
      "channels.webp",
      "distances.parquet",
      "eigenvalues.parquet",
      "operators.json",
      "operators.parquet",
      "scores.parquet",
      ...["blue-12", "colourise", "flip", "green-only", "swap"].map((name) => `sheet-${name}.webp`),
    ]);
  });

  it("writes each operator with its eigenvalues, and pictures of what it does", async () => {
    await run("swap", {});
    const artifact = await readArtifact(join(root, "swap"), "operators");
    const operators = await artifact.table("operators.parquet");
    const names = toTexts(columnOf(operators, "operator"));
    expect(names).toEqual([
      "identity",
      "orthogonal",
      "self-adjoint-nearest",
      "self-adjoint",
      "least-squares",
    ]);
    const predicted = toNumbers(columnOf(operators, "as_predicted"));
    for (const share of predicted) expect(share).toBeGreaterThan(0.95);
    const minus = toNumbers(columnOf(operators, "near_minus_one"));
    // Differences of red and blue turn their sign: one of the three colours of each pixel.
    expect(minus[1]).toBeCloseTo(16 / tokenWidth, 5);
    const eigenvalues = await artifact.table("eigenvalues.parquet");
    expect(eigenvalues.numRows).toBe(5 * tokenWidth);
    const about = await artifact.json("operators.json", aboutSchema);
    expect(about).toMatchObject({ layer: "last", images: 4, changes: ["swap"], operators: names });
    expect(about.sheets).toEqual({
      columns: 4,
      rows: ["image", "changed", "repainted", "changed-repainted", ...names],
    });
    expect(about.channels).toEqual({ columns: 9, rows: ["swap before", "swap after"] });
    const [height, width] = about.size;
    for (const [file, { columns, rows }] of [
      ["sheet-swap.webp", about.sheets],
      ["channels.webp", about.channels],
    ] as const) {
      const sheet = await sharp(await artifact.bytes(file)).metadata();
      expect(sheet.width).toBe(columns * (width + about.gap) - about.gap);
      expect(sheet.height).toBe(rows.length * (height + about.gap) - about.gap);
    }
  });

  it("refuses images that the reconstructor was trained on, and takes those held out", async () => {
    await expect(run("seen", { images: trained, fitImages: 10 })).rejects.toThrow(
      /trained on 1\d of the 14 images/,
    );
    const partly = { ...trained, first: 15, count: 30 };
    await expect(run("seen", { images: partly })).rejects.toThrow(/trained on [45] of the 28 images/);
    await run("unseen", { images: { ...trained, first: 3, count: 4 }, fitImages: 2, judgeImages: 2 });
  });

  it("refuses what it cannot do", async () => {
    await expect(run("bad", { fitImages: 27 })).rejects.toThrow("30 images are too few for 27");
    await expect(run("bad", { changes: [] })).rejects.toThrow("no change to fit");
    const matrix = [0, 1, 2].map(() => [0, 0, 0, 0]);
    await expect(run("bad", { own: [{ name: "swap", matrix }] })).rejects.toThrow(
      "two changes are called swap",
    );
    await expect(run("bad", { changes: ["shift"] })).rejects.toThrow("bad parameters");
  });

  it("leaves out images that cannot be read, and names them", async () => {
    const photos = join(root, "photos");
    await mkdir(photos);
    for (let i = 0; i < 12; i++) {
      const background = { r: 20 * i, g: 255 - 20 * i, b: (97 * i) % 256 };
      const file = join(photos, `${String.fromCharCode(97 + i)}.png`);
      await sharp({ create: { width: 16, height: 16, channels: 3, background } }).toFile(file);
    }
    const folder = { source: "folder", path: photos };
    const { fit, judge } = splitImages(
      Array.from({ length: 12 }, (_, i) => `${i}`),
      new Set(),
      { fit: 9, judge: 3 },
    );
    const broken = [fit[2], judge[1]].map((position) => `${String.fromCharCode(97 + position)}.png`);
    for (const file of broken) await writeFile(join(photos, file), "broken");
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => void notes.push(line) };
    const sizes = { images: folder, fitImages: 9, judgeImages: 3 };
    const { metrics } = await run("holes", sizes, { progress });
    expect(metrics).toMatchObject({ images: 2 });
    for (const file of broken)
      expect(notes.filter((line) => line.startsWith(file) && line.endsWith("; it is left out"))).toHaveLength(
        1,
      );
    const scored = await (await readArtifact(join(root, "holes"), "operators")).table("scores.parquet");
    expect([...new Set(Array.from(toNumbers(columnOf(scored, "image")), Number))]).toEqual([
      judge[0],
      judge[2],
    ]);
    for (const position of judge)
      await writeFile(join(photos, `${String.fromCharCode(97 + position)}.png`), "");
    await expect(run("blind", sizes)).rejects.toThrow("none of 3 images to judge on can be read");
    for (const position of fit)
      await writeFile(join(photos, `${String.fromCharCode(97 + position)}.png`), "");
    await expect(run("none", sizes)).rejects.toThrow("none of 9 images to fit on can be read");
  });

  it("goes on where it was stopped, to the same bytes", async () => {
    const many = { images: { ...images, count: 90 }, fitImages: 80, judgeImages: 2 };
    const unbroken = await run("unbroken", many);
    const stop = new AbortController();
    const begun: number[] = [];
    const progress: Progress = {
      ...silent,
      phase: (name, total, start = 0) => {
        const phase = silent.phase(name, total, start);
        if (name !== "read token pairs") return phase;
        begun.push(start);
        let done = start;
        const advance = (by = 1) => {
          done += by;
          if (begun.length === 1 && done >= 72) stop.abort();
        };
        return { ...phase, advance };
      },
    };
    await expect(run("stopped", many, { progress, signal: stop.signal })).rejects.toThrow(StoppedError);
    const resumed = await run("stopped", many, { progress });
    // Sixteen batches were kept.
    expect(begun).toEqual([0, 64]);
    expect(resumed).toEqual(unbroken);
  });
});

const grid = z.object({ columns: z.int(), rows: z.array(z.string()) });
const aboutSchema = z.object({
  ...{ encoder: z.string(), layer: z.string(), images: z.int() },
  ...{ changes: z.array(z.string()), operators: z.array(z.string()) },
  ...{ size: z.tuple([z.int(), z.int()]), gap: z.int(), sheets: grid, channels: grid },
});

describe("splitImages", () => {
  const keys = Array.from({ length: 100 }, (_, i) => `k${i}`);

  it("spreads both parts over the set without overlap", () => {
    const { fit, judge } = splitImages(keys, new Set(), { fit: 30, judge: 10 });
    expect([fit.length, judge.length]).toEqual([30, 10]);
    expect(new Set([...fit, ...judge]).size).toBe(40);
    for (const part of [fit, judge]) {
      expect(part[0]).toBeLessThan(12);
      expect(part.at(-1)).toBeGreaterThan(88);
    }
  });

  it("refuses an image under judgement that was seen, or fitted on under another position", () => {
    const { judge } = splitImages(keys, new Set(), { fit: 90, judge: 10 });
    expect(() => splitImages(keys, new Set([keys[judge[3]]]), { fit: 90, judge: 10 })).toThrow(
      `trained on 1 of the 100 images, image ${judge[3]} for one`,
    );
    const repeated = keys.map((key, i) => (i === judge[3] ? keys[judge[3] - 1] : key));
    expect(() => splitImages(repeated, new Set(), { fit: 90, judge: 10 })).toThrow(
      `image ${judge[3]} is in the set twice`,
    );
  });
});
