import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stage } from "@optogram/analyze-feature-maps";
import { columnOf, readArtifact, toBinaries, toNumbers, toTexts } from "@optogram/artifacts";
import { runStage } from "@optogram/cli";
import { conv, float32, GraphBuilder, writeModel } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** Side of photos and of the toy's input. */
const side = 32;
const photos = 12;

let root: string;
const at = (name: string) => join(root, name);

/** Red squares of 16 pixels on a grid of 8, on grounds of some other colour; each with its mask. */
async function writePhotos(): Promise<void> {
  const random = seededRandom(8);
  await Promise.all(["photos", "masks"].map((name) => mkdir(at(name))));
  for (let i = 0; i < photos; i++) {
    const [left, top] = [8 * (i % 3), 8 * (Math.floor(i / 3) % 3)];
    const ground = [60, 100 + random.integer(60), 120 + random.integer(60)];
    const data = new Uint8Array(3 * side * side);
    const mask = new Uint8Array(side * side);
    for (let p = 0; p < side * side; p++) {
      const [x, y] = [p % side, Math.floor(p / side)];
      const inside = x >= left && x < left + 16 && y >= top && y < top + 16;
      mask[p] = inside ? 1 : 0;
      for (let c = 0; c < 3; c++) data[3 * p + c] = (inside ? [220, 40, 30] : ground)[c] + random.integer(20);
    }
    const name = `${String(i).padStart(2, "0")}.png`;
    await sharp(data, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(at(`photos/${name}`));
    await sharp(mask, { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toFile(at(`masks/${name}`));
  }
}

/** Tokens are means of patches' colours through a random matrix: of 8 pixels, and of 4. */
async function writeToy(): Promise<void> {
  await mkdir(at("toy"));
  const graph = new GraphBuilder();
  const random = seededRandom(5);
  const images = graph.input("images", [4, 3, side, side]);
  for (const patch of [4, 8]) {
    const mix = Array.from({ length: 10 * 3 }, () => random.normal() / patch ** 2);
    const numbers = Float32Array.from(
      { length: 10 * 3 * patch ** 2 },
      (_, i) => mix[Math.floor(i / patch ** 2)],
    );
    const kernel = graph.initializer(`kernel${patch}`, float32(numbers, [10, 3, patch, patch]));
    graph.output(`map${patch}`, conv(images, kernel, undefined, { stride: patch }));
  }
  await writeModel(at("toy/toy.onnx"), graph.model());
  const card = {
    ...{ name: "toy", title: "A toy", file: "toy.onnx", objective: "none" },
    input: { preprocessing: { size: side, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
    outputs: {
      embedding: { tensor: "map8", pool: "spatial-mean" },
      tokens: { tensor: "map8", layout: "map" },
      layers: { fine: { tensor: "map4", layout: "map" } },
    },
  };
  await writeFile(at("toy/card.json"), JSON.stringify(card));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "feature-maps-"));
  await Promise.all([writePhotos(), writeToy()]);
});
afterAll(() => rm(root, { recursive: true }));

const masked = () => ({ source: "folder", path: at("photos"), masks: at("masks") });

const run = (output: string, change: object = {}) =>
  runStage(stage, {
    parameters: { encoder: at("toy"), images: masked(), shown: 5, ...change },
    inputs: {},
    output: at(output),
  });

const interval = z.object({ mean: z.number(), low: z.number(), high: z.number() });
const about = z.object({
  images: z.number(),
  shown: z.array(z.object({ position: z.number(), id: z.string(), picture: z.string() })),
  layers: z.array(
    z.object({
      name: z.string(),
      grid: z.array(z.number()),
      tokens: z.number(),
      ratio: z.array(z.number()),
      threshold: z.number(),
      low: z.array(z.number()),
      step: z.array(z.number()),
      masked: z.object({ share: z.number() }),
      iou: z
        .object({ component: interval, colour: interval, grid: interval, frame: interval, n: z.number() })
        .optional(),
      answers: z.array(z.object({ kind: z.string(), etaSquared: z.number() })),
    }),
  ),
});

async function open(output: string) {
  const artifact = await readArtifact(at(output), "feature-maps");
  const numbers = async (table: string, column: string) =>
    Array.from(toNumbers(columnOf(await artifact.table(`${table}.parquet`), column)), Number);
  return { artifact, numbers, about: await artifact.json("feature-maps.json", about) };
}

describe("analyze-feature-maps", { timeout: 60_000 }, () => {
  it("finds the things of photos by their first component, at every layer", async () => {
    await run("all");
    const { about, numbers, artifact } = await open("all");
    expect(about.images).toBe(photos);
    expect(about.shown.map(({ id }) => id)).toEqual(["00.png", "02.png", "04.png", "07.png", "09.png"]);
    expect(about.layers.map(({ name, grid }) => [name, ...grid])).toEqual([
      ["fine", 8, 8],
      ["last", 4, 4],
    ]);
    for (const layer of about.layers) {
      // Three colours make three components, and things lie on whole patches.
      expect(layer.ratio.slice(0, 3).reduce((sum, share) => sum + share)).toBeCloseTo(1, 3);
      expect(layer.iou!.n).toBe(photos);
      expect(layer.iou!.component.mean).toBeGreaterThan(0.99);
      expect(layer.iou!.grid.mean).toBeCloseTo(1, 5);
      expect(layer.iou!.frame.mean).toBeCloseTo(0.25, 5);
      expect(layer.masked.share).toBeCloseTo(0.25, 2);
      expect(layer.tokens).toBe(photos * layer.grid[0]! * layer.grid[1]!);
    }
    expect(await numbers("overlaps", "image")).toHaveLength(2 * photos);
    expect((await numbers("curves", "threshold")).length).toBe(2 * 2 * 121);
    expect(await numbers("statistics", "channel")).toHaveLength(2 * (1 + 5));
    expect((await artifact.tensors("components.safetensors")).tensors["fine.components"]!.shape).toEqual([
      10, 10,
    ]);
  });

  it("keeps maps that say what the tables say", async () => {
    const { about, artifact, numbers } = await open("all");
    const maps = await artifact.table("maps.parquet");
    const packed = toBinaries(columnOf(maps, "projections"));
    const coverage = toBinaries(columnOf(maps, "coverage"));
    expect(await numbers("maps", "layer")).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(await numbers("maps", "image")).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    const [layer] = about.layers;
    const tokens = layer!.grid[0]! * layer!.grid[1]!;
    for (let row = 0; row < 5; row++) {
      expect(packed[row]).toHaveLength(10 * tokens);
      const first = Array.from(
        packed[row]!.subarray(0, tokens),
        (byte) => layer!.low[0]! + layer!.step[0]! * byte,
      );
      const things = Array.from(coverage[row]!, (byte) => byte / 255);
      // The first component is above its mean just where things are.
      expect(first.map((value) => (value > 0 ? 1 : 0))).toEqual(things);
    }
    const sheet = await sharp(await artifact.bytes("sheets/fine.webp")).metadata();
    expect(sheet.width).toBe(5 * 258 - 2);
    expect(sheet.height).toBe((5 + 4 + 5) * 258 - 2);
  });

  it("gives the same bytes again, and the same findings for other batches", async () => {
    const [first, again, other] = [await run("all"), await run("again"), await run("batches", { batch: 3 })];
    expect(again.files).toEqual(first.files);
    expect(other.files["overlaps.parquet"]).toEqual(first.files["overlaps.parquet"]);
  });

  it("masks above the threshold that is asked for", async () => {
    await run("low", { threshold: -3, layers: ["last"] });
    const { about } = await open("low");
    expect(about.layers).toHaveLength(1);
    expect(about.layers[0]!.threshold).toBe(-3);
    expect(about.layers[0]!.masked.share).toBe(1);
    expect(about.layers[0]!.iou!.component).toEqual(about.layers[0]!.iou!.frame);
  });

  it("looks at another size where the network takes it", async () => {
    await run("large", { size: 64, layers: ["last"], shown: 2 });
    const { about } = await open("large");
    expect(about.layers[0]!.grid).toEqual([8, 8]);
    expect(about.layers[0]!.iou!.component.mean).toBeGreaterThan(0.95);
  });

  it("knows nothing of overlaps where there are no masks, and kinds where scenes are drawn", async () => {
    await run("unknown", { images: { source: "folder", path: at("photos") } });
    const unknown = await open("unknown");
    expect(unknown.about.layers[0]!.iou).toBeUndefined();
    expect(unknown.about.layers[0]!.answers).toEqual([]);
    expect((await unknown.artifact.table("curves.parquet")).numRows).toBe(0);
    await run("scenes", { images: { source: "scenes", seed: 1, count: 30 }, layers: ["fine"] });
    const scenes = await open("scenes");
    expect(scenes.about.layers[0]!.iou!.n).toBe(30);
    const answers = await scenes.artifact.table("answers.parquet");
    expect(toTexts(columnOf(answers, "kind")).length).toBe(8);
  });

  it("leaves out an image that is broken, and one whose mask is missing", async () => {
    const path = at("broken");
    await mkdir(path);
    for (const name of ["00.png", "01.png", "02.png"])
      await writeFile(join(path, name), await readFile(at(`photos/${name}`)));
    await writeFile(join(path, "00.png"), (await readFile(at("photos/00.png"))).subarray(0, 60));
    await writeFile(join(path, "extra.png"), await readFile(at("photos/03.png")));
    const manifest = await run("some", { images: { source: "folder", path, masks: at("masks") } });
    expect(manifest.metrics).toMatchObject({ images: 2, broken: 2 });
    expect(manifest.metrics.brokenImages).toEqual([
      expect.stringContaining("00.png"),
      expect.stringContaining("extra.png"),
    ]);
    const { about } = await open("some");
    expect(about.shown.map(({ id }) => id)).toEqual(["01.png", "02.png"]);
  });

  it("refuses what it cannot do in one line", async () => {
    await expect(run("none", { layers: ["block.7"] })).rejects.toThrow(
      /toy has no layer "block.7".*fine, last/,
    );
    await expect(run("none", { encoder: "tiny-siglip", size: 128, layers: ["last"] })).rejects.toThrow(
      /takes no input of 128 × 128.*leave size out/,
    );
    const one = { ...masked(), limit: 1 };
    await expect(run("none", { images: one })).rejects.toThrow(/1 images are too few/);
  });
});
