import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stage } from "@optogram/align-text";
import { columnOf, readArtifact, toBools, toNumbers, toTexts, toVectors } from "@optogram/artifacts";
import { type Progress, runStage, silent } from "@optogram/cli";
import { decodeModel, float32, int64, openSession } from "@optogram/onnx";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { vocabulary, writeColourEncoder, writeDictionary, writeFeatures, writePhotos } from "./toys.ts";

let root: string;
const at = (name: string) => join(root, name);
const each = 20;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "alignment-"));
  await writeColourEncoder(at("colours"));
  await writePhotos(at("photos"), each);
  const photos = { source: "folder", path: at("photos") } as const;
  await writeFeatures(at("features"), at("colours"), photos);
  await writeFeatures(at("captioned"), at("colours"), photos, (label) => `a ${label} thing`);
  await mkdir(at("plain"));
  for (const i of [0, 1, 2, 3])
    await sharp({ create: { width: 9, height: 9, channels: 3, background: { r: 60 * i, g: 9, b: 9 } } })
      .png()
      .toFile(join(at("plain"), `${i}.png`));
  await writeFeatures(at("unlabelled"), at("colours"), { source: "folder", path: at("plain") });
}, 60_000);
afterAll(() => rm(root, { recursive: true }));

const run = (output: string, change: object = {}, features = "features", progress: Progress = silent) =>
  runStage(stage, {
    parameters: { queries: ["a dark red thing", "blue"], top: 7, ...change },
    inputs: { features: [at(features)] },
    output: at(output),
    progress,
  });

async function tableOf(output: string, name: string) {
  const table = await (await readArtifact(at(output), "alignment")).table(`${name}.parquet`);
  return {
    rows: table.numRows,
    texts: (column: string) => toTexts(columnOf(table, column)),
    numbers: (column: string) => Array.from(toNumbers(columnOf(table, column)), Number),
    flags: (column: string) => toBools(columnOf(table, column)),
    vectors: (column: string) => toVectors(columnOf(table, column)),
  };
}

/** The first `d` numbers brought to unit length. */
function unit(values: Float32Array, d: number): Float32Array {
  const row = values.slice(0, d);
  return row.map((value) => value / Math.hypot(...row));
}

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4);
  });
}

const figures = z.looseObject({
  confidence: z.looseObject({ threshold: z.number(), temperature: z.number(), fitted: z.boolean() }),
});

describe("align-text", { timeout: 60_000 }, () => {
  it("names images, and every figure follows from the table", async () => {
    const { metrics } = await run("all");
    const accuracy = await tableOf("all", "accuracy");
    const zeroShot = await tableOf("all", "zero-shot");
    const right = accuracy.flags("right");
    expect(accuracy.rows).toBe(3 * each);
    expect(zeroShot.rows).toBe(3 * each * 3);
    const share = right.filter(Boolean).length / right.length;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1);
    expect(metrics).toMatchObject({
      zeroShot: { classes: 3, top1: { value: share, n: 60 }, top5: { value: 1 } },
    });
    expect(accuracy.numbers("running").at(-1)).toBeCloseTo(share, 6);
    const first = zeroShot.numbers("class").filter((_, i) => zeroShot.numbers("rank")[i] === 1);
    expect(first.map((cls, i) => cls === accuracy.numbers("class")[i])).toEqual(right);
    const confusion = await tableOf("all", "confusion");
    const counted = confusion.numbers("images").filter((_, i) => {
      return confusion.numbers("class")[i] === confusion.numbers("nearest")[i];
    });
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(right.filter(Boolean).length);
    const classes = await tableOf("all", "classes");
    expect(classes.texts("name")).toEqual(["blue", "green", "red"]);
    expect(classes.numbers("images")).toEqual([each, each, each]);
    const sums = zeroShot.numbers("softmax").reduce((sum, value) => sum + value, 0);
    expect(sums).toBeCloseTo(3 * each, 3);
  });

  it("finds images for texts, with a confidence that is fitted and a softmax over all images", async () => {
    await run("found");
    const { confidence } = await (await readArtifact(at("found"), "alignment")).json(
      "alignment.json",
      figures,
    );
    expect(confidence.fitted).toBe(true);
    const found = await tableOf("found", "retrieval");
    expect(found.rows).toBe(2 * 7);
    expect(found.numbers("rank").slice(0, 7)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // Sorted by folder: blue first, red last.
    expect(
      found
        .numbers("image")
        .slice(0, 7)
        .every((image) => image >= 2 * each),
    ).toBe(true);
    expect(
      found
        .numbers("image")
        .slice(7)
        .every((image) => image < each),
    ).toBe(true);
    found.numbers("cosine").forEach((cosine, i) => {
      const expected = 1 / (1 + Math.exp(-(cosine - confidence.threshold) * confidence.temperature));
      expect(found.numbers("confidence")[i]).toBeCloseTo(expected, 4);
    });
    const curve = await tableOf("found", "reliability");
    expect(new Set(curve.texts("values"))).toEqual(new Set(["heuristic", "fitted"]));
    for (const column of ["share", "confidence"])
      for (const value of curve.numbers(column)) expect(value >= 0 && value <= 1).toBe(true);
    const texts = await tableOf("found", "texts");
    expect(texts.texts("role")).toEqual(["class", "class", "class", "query", "query"]);
    expect(texts.vectors("embedding").width).toBe(3);
    const cosines = await tableOf("found", "cosines");
    expect(new Set(cosines.texts("pairs"))).toEqual(
      new Set(["images", "texts", "across", "matching", "not matching"]),
    );
  });

  it("looks at an image prompt by prompt, part by part, word by word", async () => {
    const prompts = ["a blue thing", "a dark red thing", "green"];
    const debug = [{ image: 0, prompts, crops: [[0, 0, 0.5, 0.5]] }];
    await run("debug", { debug });
    const parts = await tableOf("debug", "debug");
    expect(parts.texts("prompt").slice(0, 1)).toEqual(["a blue thing"]);
    expect(parts.numbers("area")).toEqual([1, 1, 1, 0.25, 0.25, 0.25]);
    // A plain image is the same in every part.
    expect(parts.numbers("cosine").slice(3)).toEqual(
      parts
        .numbers("cosine")
        .slice(0, 3)
        .map((value) => expect.closeTo(value, 4)),
    );
    const words = await tableOf("debug", "words");
    expect(words.rows).toBe(3 + 4);
    const blue = words.texts("word").indexOf("blue");
    expect(words.numbers("effect")[blue]).toBeGreaterThan(0.1);
    expect(words.numbers("effect")[words.texts("word").indexOf("red")]).toBeLessThan(0);
  });

  it("looks for captions, where images have them", async () => {
    const { metrics } = await run("captions", {}, "captioned");
    // All images of a colour share a caption, which is right for each of them.
    expect(metrics).toMatchObject({ recall: { n: 60 } });
    const { recall } = metrics as { recall: { texts: { value: number }[] } };
    expect(recall.texts[0].value).toBeGreaterThan(0.8);
  });

  it("names the living features of a dictionary", async () => {
    await writeDictionary(at("sae"), at("features"));
    await runStage(stage, {
      parameters: { words: ["dark"], queries: ["red"] },
      inputs: { features: [at("features")], sae: [at("sae")] },
      output: at("named"),
    });
    const names = await tableOf("named", "names");
    expect(names.numbers("feature")).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    const texts = await tableOf("named", "texts");
    expect(texts.texts("role")).toEqual(["class", "class", "class", "word", "query"]);
    const labels = texts.texts("text");
    expect(Math.max(...names.numbers("text"))).toBeLessThan(4);
    const first = names.numbers("text").filter((_, i) => names.numbers("rank")[i] === 1);
    expect(first.map((cls) => labels[cls])).toEqual(["red", "green", "blue"]);
  });

  it("writes towers for the page that say what the tables say, where they take one image", async () => {
    await writeColourEncoder(at("free"), "any");
    await writeFeatures(at("free-features"), at("free"), { source: "folder", path: at("photos") });
    await run("page", {}, "free-features");
    const artifact = await readArtifact(at("page"), "alignment");
    const page = await artifact.json("page.json", z.looseObject({ images: z.int(), text: z.unknown() }));
    expect(page).toMatchObject({ images: 60, dimension: 3, encoder: { height: 8, width: 8 } });
    expect(page.text).toEqual({ texts: 4, context: 6, vocabulary });
    const open = async (name: string) => openSession(decodeModel(await artifact.bytes(name)));
    const text = await open("text.onnx");
    const tokens = "a dark red thing".split(" ").map((word) => vocabulary.indexOf(word) + 1);
    const ids = int64(
      Array(4)
        .fill([...tokens, 0, 0])
        .flat(),
      [4, 6],
    );
    const said = unit((await text.run({ ids })).embedding.data as Float32Array, 3);
    const texts = await tableOf("page", "texts");
    expectClose(said, texts.vectors("embedding").values.subarray(3 * 3, 4 * 3));
    const encoder = await open("encoder.onnx");
    const { data } = await sharp(join(at("photos"), "blue", "000.png"))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const plain = Float32Array.from({ length: 3 * 64 }, (_, i) => data[Math.floor(i / 64)] / 255);
    const seen = await encoder.run({ pixels: float32(plain, [1, 3, 8, 8]) });
    const { images } = (await artifact.tensors("images.safetensors")).tensors;
    expect(images.shape).toEqual([60, 3]);
    expectClose(unit(seen.embedding.data as Float32Array, 3), (images.data as Float32Array).subarray(0, 3));
    await Promise.all([text.close(), encoder.close()]);
    await run("batches");
    expect((await readArtifact(at("batches"), "alignment")).has("page.json")).toBe(false);
  });

  it("marks what nobody fitted", async () => {
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (line) => notes.push(line) };
    const { metrics } = await run("heuristic", { heuristic: "0.10 and 20" }, "unlabelled", progress);
    expect(metrics).toMatchObject({ confidence: { threshold: 0.1, temperature: 20, fitted: false } });
    expect(metrics).not.toHaveProperty("zeroShot");
    expect(notes).toEqual([
      "nothing to fit a confidence on: 0.1 and 20 are a heuristic, and so is every confidence",
    ]);
  });

  it("gives the same bytes again", async () => {
    const [a, b] = [await run("one"), await run("two")];
    expect(a.files).toEqual(b.files);
  });

  it("says in one line what is wrong", async () => {
    await expect(run("x", { queries: ["red", " "] })).rejects.toThrow('"queries" has an empty text at 1');
    await expect(run("x", { queries: ["a zeppelin"] })).rejects.toThrow(
      '"zeppelin" in "a zeppelin" is none of',
    );
    await expect(run("x", { names: { violet: "red" } })).rejects.toThrow(
      "the label violet, which no image has",
    );
    await expect(run("x", { names: { green: "red" } })).rejects.toThrow(
      'the labels green and red are both called "red"',
    );
    await expect(run("x", { debug: [{ image: 60, prompts: ["red"] }] })).rejects.toThrow(
      '"debug" names image 60, and there are 60',
    );
    await expect(run("x", { ownTemplates: ["a thing"] })).rejects.toThrow('"a thing" does not have {} once');
    const notes: string[] = [];
    const long = Array(10_000).fill("red").join(" ");
    await run("long", { queries: [long] }, "features", { ...silent, note: (line) => notes.push(line) });
    expect(notes[0]).toMatch(/red red.*…" has 10000 tokens, of which the encoder reads 6/);
  });
});
