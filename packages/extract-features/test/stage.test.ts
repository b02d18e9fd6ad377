import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, readArtifact, toNumbers, toTexts, toVectors } from "@optogram/artifacts";
import { type Progress, runStage, StoppedError, silent, UserError } from "@optogram/cli";
import { stage } from "@optogram/extract-features";
import { GraphBuilder, mul, sqrt, sub, type Value, writeModel } from "@optogram/onnx";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let root: string;
let images: string;
let encoder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "extract-"));
  images = join(root, "images");
  encoder = await writeEncoder((x) => mul(x, 2));
});

afterEach(() => rm(root, { recursive: true }));

/** An encoder of batches of 4 whose embedding [3] is the mean of `inner`, from pixels 0 to 255. */
async function writeEncoder(inner: (x: Value) => Value): Promise<string> {
  const g = new GraphBuilder();
  g.output("out", inner(g.input("x", [4, 3, 2, 2])));
  const folder = join(root, "toy");
  await mkdir(folder, { recursive: true });
  await writeModel(join(folder, "toy.onnx"), g.model());
  const card = {
    name: "toy",
    title: "A toy",
    file: "toy.onnx",
    input: { preprocessing: { size: 2, mean: [0, 0, 0], std: [1, 1, 1], scale: 1 } },
    outputs: { embedding: { tensor: "out", pool: "spatial-mean" } },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
  return folder;
}

/** Grey pictures: even ones in folder `even`, odd ones in `odd`; those listed are cut off. */
async function writeImages(count: number, broken: readonly number[] = []): Promise<void> {
  for (const folder of ["even", "odd"]) await mkdir(join(images, folder), { recursive: true });
  for (let i = 0; i < count; i++) {
    const background = { r: i, g: i + 1, b: i + 2 };
    const png = await sharp({ create: { width: 3, height: 3, channels: 3, background } })
      .png()
      .toBuffer();
    const name = `${String(i).padStart(2, "0")}.png`;
    await writeFile(
      join(images, i % 2 ? "odd" : "even", name),
      broken.includes(i) ? png.subarray(0, 50) : png,
    );
  }
}

const parameters = (more: object = {}) => ({ encoder, images: { source: "folder", path: images }, ...more });

async function read(output: string) {
  const artifact = await readArtifact(output, "features");
  const pictures = await artifact.table("images.parquet");
  const embeddings = await artifact.table("embeddings.parquet");
  return {
    artifact,
    ids: toTexts(columnOf(pictures, "id")),
    labels: toTexts(columnOf(pictures, "label")),
    truth: columnOf(pictures, "truth"),
    images: [toNumbers(columnOf(pictures, "image")), toNumbers(columnOf(embeddings, "image"))].map((n) => [
      ...n,
    ]),
    ...toVectors(columnOf(embeddings, "embedding")),
  };
}

describe("extract-features", () => {
  it("writes what is known of each image beside its embedding", async () => {
    await writeImages(10);
    const output = join(root, "features");
    const manifest = await runStage(stage, { parameters: parameters(), output });
    const { ids, labels, truth, images: numbers, width, values, artifact } = await read(output);
    expect(ids).toEqual(
      [0, 2, 4, 6, 8].map((i) => `even/0${i}.png`).concat([1, 3, 5, 7, 9].map((i) => `odd/0${i}.png`)),
    );
    expect(labels).toEqual([...Array(5).fill("even"), ...Array(5).fill("odd")]);
    expect(JSON.parse(JSON.stringify(truth.get(9)))).toEqual([{ kind: "odd", coverage: 1 }]);
    expect(numbers).toEqual(Array(2).fill([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(width).toBe(3);
    expect([...values]).toEqual([0, 2, 4, 6, 8, 1, 3, 5, 7, 9].flatMap((i) => [2 * i, 2 * i + 2, 2 * i + 4]));
    expect(manifest.metrics).toEqual({ images: 10, dimension: 3, broken: 0, brokenImages: [] });
    expect(artifact.manifest.parameters).toMatchObject({
      ...parameters(),
      card: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("reads scenes with their captions", async () => {
    const scenes = { source: "scenes", seed: 4, count: 6, first: 0 };
    const output = join(root, "features");
    await runStage(stage, { parameters: { encoder, images: scenes }, output });
    const table = await (await readArtifact(output, "features")).table("images.parquet");
    expect(toTexts(columnOf(table, "caption")).every((caption) => caption?.includes(" "))).toBe(true);
    expect(columnOf(table, "truth").get(0)?.length).toBeGreaterThan(0);
  });

  it("reports, counts and leaves out broken images", async () => {
    await writeImages(10, [2, 9]);
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => notes.push(line) };
    const output = join(root, "features");
    const manifest = await runStage(stage, { parameters: parameters({ maxBroken: 0.2 }), output, progress });
    const { ids, images: numbers, values } = await read(output);
    expect(ids).not.toContain("even/02.png");
    expect(numbers).toEqual(Array(2).fill([0, 2, 3, 4, 5, 6, 7, 8]));
    expect(values.length).toBe(8 * 3);
    expect(notes.map((note) => note.split(":")[0])).toEqual(["even/02.png", "odd/09.png"]);
    expect(manifest.metrics).toMatchObject({ images: 8, broken: 2, brokenImages: notes });
  });

  it("leaves out an image of which only what is known is broken", async () => {
    const batch = Buffer.alloc(5 * 3073, 1);
    // The class of the third image: there are ten.
    batch[2 * 3073] = 12;
    await mkdir(images);
    await writeFile(join(images, "test_batch.bin"), batch);
    const output = join(root, "features");
    const cifar = { source: "cifar10", path: images, part: "test" };
    const manifest = await runStage(stage, {
      parameters: parameters({ images: cifar, maxBroken: 0.2 }),
      output,
    });
    const { ids, labels } = await read(output);
    expect(ids).toEqual([0, 1, 3, 4].map((place) => `test_batch#${place}`));
    expect(labels).toEqual(Array(4).fill("automobile"));
    expect(manifest.metrics).toMatchObject({
      broken: 1,
      brokenImages: [expect.stringMatching(/^test_batch#2: its class is 12 of 10/)],
    });
  });

  it("stops where more images are broken than allowed", async () => {
    await writeImages(10, [2]);
    const run = runStage(stage, { parameters: parameters(), output: join(root, "features") });
    await expect(run).rejects.toThrow(/1 of 10 images cannot be read, the first: even\/02\.png: .*maxBroken/);
    await expect(run).rejects.toThrow(UserError);
    expect(await readdir(root)).not.toContain("features");
  });

  it("goes on where it was stopped and ends with the same digests", async () => {
    await writeImages(30, [3]);
    const whole = await runStage(stage, { parameters: parameters(), output: join(root, "whole") });

    const stop = new AbortController();
    let seen = 0;
    const counting = (began: (done: number) => void): Progress => ({
      ...silent,
      phase: (_name, _total, done = 0) => {
        began(done);
        const advance = (n = 1): void => {
          seen += n;
          if (seen >= 12) stop.abort();
        };
        return { advance, done: () => {} };
      },
    });
    const output = join(root, "stopped");
    const stopped = runStage(stage, {
      parameters: parameters(),
      output,
      signal: stop.signal,
      progress: counting(() => {}),
    });
    await expect(stopped).rejects.toThrow(StoppedError);
    let resumed = 0;
    const progress = counting((done) => {
      resumed = done;
    });
    const ended = await runStage(stage, { parameters: parameters(), output, progress });
    expect(resumed).toBeGreaterThanOrEqual(12);
    expect(resumed).toBeLessThan(30);
    expect(ended).toEqual(whole);
  });

  it("does not go on with what another encoder or other images left", async () => {
    await writeImages(12);
    const stop = new AbortController();
    const output = join(root, "features");
    const progress: Progress = { ...silent, phase: () => ({ advance: () => stop.abort(), done: () => {} }) };
    const stopped = runStage(stage, { parameters: parameters(), output, signal: stop.signal, progress });
    await expect(stopped).rejects.toThrow(StoppedError);
    await writeEncoder((x) => mul(x, 3));
    await runStage(stage, { parameters: parameters(), output });
    expect([...(await read(output)).values.subarray(0, 4)]).toEqual([0, 3, 6, 6]);
  });

  it("refuses an embedding that is no number, by the image's name", async () => {
    await writeImages(6);
    await writeEncoder((x) => sqrt(sub(x, 3)));
    const run = runStage(stage, { parameters: parameters(), output: join(root, "features") });
    await expect(run).rejects.toThrow(/the embedding of even\/00\.png holds a value that is NaN/);
  });

  it("says what is wrong with the images before it starts", async () => {
    const run = runStage(stage, { parameters: parameters(), output: join(root, "features") });
    await expect(run).rejects.toThrow(/cannot be listed/);
  });
});
