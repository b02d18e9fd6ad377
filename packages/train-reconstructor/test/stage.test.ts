import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnOf, readArtifact, toFloats } from "@optogram/artifacts";
import { type Progress, runStage, StoppedError, silent } from "@optogram/cli";
import { imageKeys, openImages } from "@optogram/images";
import { conv, float32, GraphBuilder, openSession, writeModel } from "@optogram/onnx";
import { openReconstructor, seenKeys } from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";
import { stage } from "@optogram/train-reconstructor";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const scenes = { source: "scenes", seed: 3, count: 40, first: 5 } as const;
const [width, patch, size] = [48, 4, 16];
const quick = { steps: 4, batch: 4, depth: 1, width: 16, heads: 2, heldOut: 5 };

let root: string;
let encoder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "reconstructor-"));
  encoder = await writeEncoder("toy", 1);
  await run("toy-reconstructor");
}, 180_000);
afterAll(() => rm(root, { recursive: true }));

/** An encoder whose tokens, a map of 4 × 4, are its patches turned by a random matrix: they hold everything. */
async function writeEncoder(name: string, seed: number): Promise<string> {
  const graph = new GraphBuilder();
  const random = seededRandom(seed);
  const numbers = Float32Array.from({ length: width * 3 * patch ** 2 }, () => random.normal() / 7);
  const kernel = graph.initializer("kernel", float32(numbers, [width, 3, patch, patch]));
  graph.output("map", conv(graph.input("images", [4, 3, size, size]), kernel, undefined, { stride: patch }));
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await writeModel(join(folder, "toy.onnx"), graph.model());
  const card = {
    name: "toy",
    title: "A toy",
    file: "toy.onnx",
    input: { preprocessing: { size, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
    outputs: {
      embedding: { tensor: "map", pool: "spatial-mean" },
      tokens: { tensor: "map", layout: "map" },
      layers: { "block.0": { tensor: "map", layout: "map" } },
    },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
  return folder;
}

const run = (output: string, change: object = {}, more: { signal?: AbortSignal; progress?: Progress } = {}) =>
  runStage(stage, {
    parameters: { encoder, images: scenes, ...quick, ...change },
    output: join(root, output),
    ...more,
  });

describe("train-reconstructor", { timeout: 180_000 }, () => {
  it("writes a model that paints, what it is of, losses and a sheet", async () => {
    const artifact = await readArtifact(join(root, "toy-reconstructor"), "reconstructor");
    const history = await artifact.table("history.parquet");
    expect(history.numRows).toBe(quick.steps);
    const heldOut = Array.from(toFloats(columnOf(history, "heldOut")));
    // With fewer steps than parts, each is judged.
    expect(heldOut.every((loss) => loss > 0)).toBe(true);
    const sheet = await sharp(await artifact.bytes("sheet.webp")).metadata();
    // Five held-out images, the originals and the rows after steps 1, 2 and 4, six times as large.
    expect([sheet.width, sheet.height]).toEqual([6 * (5 * 18 - 2), 6 * (4 * 18 - 2)]);

    const session = await openSession(await artifact.bytes("reconstructor.onnx"));
    const { pictures } = await session.run({
      tokens: float32(new Float32Array(3 * 16 * width), [3, 16, width]),
    });
    expect(pictures.shape).toEqual([3, 3, size, size]);
    await session.close();
  });

  it("is opened with its encoder, and says which images it saw", async () => {
    const reconstructor = await openReconstructor(join(root, "toy-reconstructor"));
    expect(reconstructor).toMatchObject({ grid: [4, 4], size: [16, 16], input: [16, 16], width });
    const source = await openImages(scenes);
    const picture = await source.read(reconstructor.images.heldOut[0], size);
    const seen = reconstructor.see(picture);
    expect(seen[size ** 2]).toBeCloseTo(picture.data[1] / 255, 6);
    expect(reconstructor.target(picture)).toEqual(seen);
    const tokens = await reconstructor.tokens(seen);
    expect(tokens).toHaveLength(16 * width);
    const painted = await reconstructor.paint(tokens);
    expect(painted).toHaveLength(3 * size ** 2);
    await reconstructor.close();

    const saw = await seenKeys(reconstructor.images);
    expect(saw.size).toBe(scenes.count - quick.heldOut);
    const overlapping = await imageKeys({ source: "scenes", seed: 3, count: 10, first: 0 });
    const inCommon = overlapping.filter((key) => saw.has(key)).length;
    expect(inCommon).toBeGreaterThan(0);
    expect(inCommon).toBeLessThanOrEqual(5);
    expect((await imageKeys({ ...scenes, seed: 4 })).some((key) => saw.has(key))).toBe(false);
  });

  it("learns: held-out images are painted better than by their mean", async () => {
    const manifest = await run("learnt", {
      images: { ...scenes, count: 100 },
      steps: 200,
      rate: 3e-3,
      batch: 8,
    });
    const { heldOutLoss, meanImageLoss, heldOutPsnr, meanImagePsnr } = manifest.metrics as Record<
      string,
      number
    >;
    expect(heldOutLoss).toBeLessThan(0.8 * meanImageLoss);
    expect(heldOutPsnr).toBeGreaterThan(meanImagePsnr + 0.8);
  });

  it("ends after a stop in the very artifact of an unbroken run", async () => {
    const long = { steps: 54 };
    const whole = await run("whole", long);
    const stop = new AbortController();
    const counting = (onStep: () => void): Progress => ({
      ...silent,
      phase: () => ({ advance: onStep, done() {} }),
    });
    let before = 0;
    const stopping = counting(() => {
      if (++before === 52) stop.abort();
    });
    await expect(run("again", long, { signal: stop.signal, progress: stopping })).rejects.toThrow(
      StoppedError,
    );
    let after = 0;
    const again = await run("again", long, { progress: counting(() => after++) });
    expect(after).toBe(2);
    expect(again).toEqual(whole);
  });

  it("paints from the layer asked for, and names the layers where there is none such", async () => {
    const last = await readArtifact(join(root, "toy-reconstructor"), "reconstructor");
    const block = await run("block", { layer: 0 });
    expect(block.files["reconstructor.onnx"]).toEqual(last.manifest.files["reconstructor.onnx"]);
    await expect(run("none", { layer: 3 })).rejects.toThrow(
      "there is no layer 3: the card's outputs have blocks 0",
    );
    await expect(run("none", { layer: "next-to-last" })).rejects.toThrow("have blocks 0");
  });

  it("refuses a reconstructor whose encoder has changed", async () => {
    const other = await writeEncoder("other", 1);
    await run("changed", { encoder: other });
    await writeEncoder("other", 2);
    await expect(openReconstructor(join(root, "changed"))).rejects.toThrow("has changed since");
  });

  it("takes another image in the place of one that cannot be read", async () => {
    const folder = join(root, "images");
    await mkdir(folder);
    for (let i = 0; i < 8; i++) {
      const background = { r: 30 * i, g: 9 * i, b: 5 };
      const png = await sharp({ create: { width: 20, height: 24, channels: 3, background } })
        .png()
        .toBuffer();
      await writeFile(join(folder, `${i}.png`), i === 2 ? png.subarray(0, 40) : png);
    }
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => notes.push(line) };
    await run("folder", { images: { source: "folder", path: folder }, heldOut: 1 }, { progress });
    expect(notes).toEqual([expect.stringMatching(/^2\.png: .*; another is taken in its place$/)]);
    expect(await readFile(join(root, "folder", "reconstructor.json"), "utf8")).toContain(
      '"heldOut": [\n      4',
    );
  });

  it("refuses fewer images than a batch, and a width that cannot be halved", async () => {
    await expect(run("few", { heldOut: 38 })).rejects.toThrow("2 images are left to learn from");
    await expect(run("odd", { width: 18 })).rejects.toThrow("a width of 18 cannot be halved 2 times");
  });
});
