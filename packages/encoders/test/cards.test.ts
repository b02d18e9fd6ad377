/** Cards of networks that are built from weights, and those in models/. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeTensors } from "@optogram/artifacts";
import {
  architectureOf,
  cardFileSchema,
  EncoderError,
  openEncoder,
  randomWeights,
  readCard,
  readEncoder,
  traceArchitecture,
} from "@optogram/encoders";
import { GraphBuilder, mul, sizeOf } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encoderFolder, plainCard } from "./fixture.ts";
import { toyArchitecture, toyCard } from "./toy.ts";

let folder: Awaited<ReturnType<typeof encoderFolder>>;

beforeAll(async () => {
  folder = await encoderFolder();
});

afterAll(() => folder.remove());

const pixels = (n: number, side = 32) =>
  Float32Array.from({ length: n * 3 * side * side }, (_, i) => Math.sin(i));

async function refusal(name: string, card: unknown): Promise<string> {
  const error = await readCard(await folder.add(name, card)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EncoderError);
  const { message } = error as EncoderError;
  expect(message).not.toContain("\n");
  return message;
}

describe("models/", () => {
  const models = join(import.meta.dirname, "../../../models");
  const names = readdirSync(models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);

  it.each(names)("%s has a card that is whole and right", async (name) => {
    const { card, architecture } = await readCard(name);
    expect(card.name).toBe(name);
    const { weights } = card;
    if (architecture === undefined || typeof weights !== "object" || !("repo" in weights)) return;
    const stated = cardFileSchema.parse(JSON.parse(readFileSync(join(models, name, "card.json"), "utf8")));
    for (const field of ["objectives", "licence", "reference", "patch", "tokens"] as const) {
      expect(stated[field], field).toBeDefined();
    }
    // timm's networks without their classifiers have these numbers of parameters.
    let count = 0;
    const graph = new GraphBuilder();
    const { size } = card.input.preprocessing;
    traceArchitecture(
      architecture,
      {
        graph,
        get(tensor, shape) {
          count += sizeOf(shape);
          return graph.input(tensor, shape);
        },
      },
      graph.input("images", [1, 3, size as number, size as number]),
    );
    expect(card.parameters).toBe(count);
  });

  it("has the encoders of the reconstruction paper and DINOv3's", () => {
    expect(names).toEqual(
      expect.arrayContaining([
        ...["openai-clip", "laion-clip", "metaclip", "dfn2b-clip", "eva02-clip"].map(
          (name) => `${name}-base`,
        ),
        ...[224, 256, 384, 512].flatMap((size) => [`siglip-base-${size}`, `siglip2-base-${size}`]),
        ...["sam-base", "dinov2-base", "internvit-300m", "internvit-300m-v2.5", "convnext-tiny"],
        ...["vits16", "vits16plus", "vitb16", "vitl16"].map((name) => `dinov3-${name}`),
        ...["tiny", "small", "base", "large"].map((name) => `dinov3-convnext-${name}`),
      ]),
    );
  });
});

describe("a card with an architecture", () => {
  it("has every block among its outputs, and tokens without the class token", async () => {
    const path = await folder.add("toy-vit", { ...toyCard, weights: "random", seed: 3 });
    const outputs = ["embedding", "tokens", "layers.block.0", "layers.block.1"] as const;
    const encoder = await openEncoder(path, { batch: 2, outputs });
    const results = await encoder.encode(pixels(3), 3);
    expect(Object.fromEntries(Object.entries(results).map(([name, { shape }]) => [name, shape]))).toEqual({
      embedding: [3, 16],
      tokens: [3, 16, 16],
      "layers.block.0": [3, 16, 16],
      "layers.block.1": [3, 16, 16],
    });
    expect(Math.hypot(...results.embedding.data.subarray(0, 16))).toBeCloseTo(1, 5);
    expect(await encoder.embed(pixels(3), 3)).toEqual(results.embedding.data);
  });

  it("reads its weights from a file beside it; a control of it draws others like them", async () => {
    const path = await folder.add("stored", {
      ...toyCard,
      name: "stored",
      weights: { file: "w.safetensors" },
    });
    await expect(readEncoder(path)).rejects.toThrow(/the card's file w\.safetensors is not there/);
    await writeTensors(join(path, "w.safetensors"), randomWeights(toyArchitecture, 3));
    const drawn = await folder.add("drawn", { ...toyCard, weights: "random", seed: 3 });
    const control = await folder.add("control-of-stored", {
      ...{ name: "control", title: "x", weights: "random", of: "stored", seed: 1 },
    });
    const embed = async (where: string) => [...(await (await openEncoder(where)).embed(pixels(1), 1))];
    expect(await embed(path)).toEqual(await embed(drawn));
    expect(await embed(control)).not.toEqual(await embed(path));
    expect(await embed(control)).toEqual(await embed(control));
    const digests = await Promise.all(
      [path, drawn, control].map(async (at) => (await readEncoder(at)).digest),
    );
    expect(new Set(digests).size).toBe(3);
  });

  it("says which weights are missing or of another shape", async () => {
    const path = await folder.add("wrong", { ...toyCard, weights: { file: "w.safetensors" } });
    const less = randomWeights(toyArchitecture, 3);
    delete less["blocks.1.norm2.bias"];
    await writeTensors(join(path, "w.safetensors"), less);
    await expect(openEncoder(path)).rejects.toThrow(/lack blocks\.1\.norm2\.bias \[16\]/);
  });

  it("may differ from a preset in some fields", () => {
    const dinov3 = architectureOf({ preset: "vit_small_patch16_dinov3", pool: "token" }, "x");
    expect(dinov3).toMatchObject({ family: "eva", width: 384, pool: "token" });
    expect(() => architectureOf("vit_tiny", "here")).toThrow(
      /^here: architecture: there is no preset "vit_tiny"; there are vit_small/,
    );
    expect(() => architectureOf({ preset: "convnext_tiny", width: 3 }, "here")).toThrow(
      /here: architecture: .*width/,
    );
  });

  it("runs at another size: the nearest, with a word of it", async () => {
    const path = await folder.add("sized", { ...toyCard, weights: "random", seed: 3 });
    const told: string[] = [];
    const progress = {
      note: (line: string) => void told.push(line),
      phase: () => ({ advance() {}, done() {} }),
    };
    const encoder = await openEncoder(path, { size: [45, 64], outputs: ["tokens"], progress });
    expect(told).toEqual(["toy-vit: 45 × 64 pixels are no multiples of the patch; taking 48 × 64"]);
    const picture = { width: 90, height: 90, data: new Uint8Array(90 * 90 * 3) };
    const { tokens } = await encoder.encode(encoder.preprocess(picture), 1);
    expect(tokens.shape).toEqual([1, 6 * 8, 16]);
    expect(encoder.card.outputs.tokens?.grid).toEqual([6, 8]);
    expect(encoder.digest).not.toBe((await readEncoder(path)).digest);
    await readEncoder(path, { size: 1600, progress });
    expect(told[1]).toMatch(/1600 × 1600 pixels are 40001 tokens, and the attention of one image takes \d/);
    await expect(readEncoder(path, { size: 0 })).rejects.toThrow(/no size of images/);
  });

  it("of an ONNX file runs at another size than the file's where it says how large a patch is, or has maps alone", async () => {
    const g = new GraphBuilder();
    g.output("map", mul(g.input("x", [1, 3, 4, 4]), 2));
    const card = { ...plainCard, outputs: { embedding: { tensor: "map" } } };
    const told: string[] = [];
    const progress = {
      note: (line: string) => void told.push(line),
      phase: () => ({ advance() {}, done() {} }),
    };
    const path = await folder.add("any-size", { ...card, patch: 4 }, g.model());
    expect((await openEncoder(path, { size: [7, 13], progress })).dimension).toBe(3 * 8 * 12);
    expect(told).toEqual(["toy: 7 × 13 pixels are no multiples of the patch; taking 8 × 12"]);
    const maps = { ...card.outputs, tokens: { tensor: "map", layout: "map" } };
    const convolutional = await folder.add("maps", { ...card, outputs: maps }, g.model());
    expect((await openEncoder(convolutional, { size: [7, 13] })).dimension).toBe(3 * 7 * 13);
    const silent = await folder.add("one-size", card, g.model());
    await expect(openEncoder(silent, { size: 8 })).rejects.toThrow(/its card has to say "patch"/);
  });

  it("that contradicts itself is refused in one line", async () => {
    const drawn = { ...toyCard, weights: "random", seed: 1 };
    const { architecture: _, ...bare } = drawn;
    const cases: [object, RegExp][] = [
      [{ ...toyCard }, /file: name the ONNX "file", or "weights"/],
      [{ ...drawn, file: "x.onnx" }, /weights: there is a "file" already/],
      [{ ...toyCard, weights: "random" }, /seed: /],
      [bare, /architecture: say which network the weights are for/],
      [{ ...toyCard, weights: { file: "x.onnx" } }, /architecture: an ONNX file brings its own/],
      [{ ...bare, seed: undefined, weights: { repo: "a/b", file: "x.onnx" } }, /outputs: say which tensors/],
      [{ ...toyCard, weights: { repo: "a--b/c", file: "x.pth" } }, /weights\.repo: .*dashes/],
      [{ ...toyCard, weights: { repo: "a/b", file: "../x.pth" } }, /weights\.file: .*without \. and \.\./],
      [{ ...toyCard, weights: { repo: "a/b", file: "x.h5" } }, /weights\.file: weights are \.safetensors/],
      [{ ...toyCard, weights: { repo: "a/b", file: "x.pth", sha256: "1" } }, /weights\.sha256: .*64 digits/],
      [{ ...drawn, tokens: 5 }, /tokens: the architecture has 17 at this size, the card says 5/],
      [{ ...drawn, patch: 16 }, /patch: the architecture has 8/],
      [{ ...drawn, objectives: ["magic"] }, /objectives\.0: /],
      [
        { ...drawn, input: { preprocessing: { ...toyCard.input.preprocessing, size: 33 } } },
        /input\.preprocessing\.size: 33 × 33 pixels are no multiples of 8: take 32 × 32/,
      ],
    ];
    for (const [card, message] of cases) expect(await refusal("contradiction", card)).toMatch(message);
  });
});

it("the digest of a card with weights on the hub does not follow where they lie", async () => {
  // A file of the card's folder stands for the hub's, so that it can be brought by hand.
  const weights = randomWeights(toyArchitecture, 3);
  const path = await folder.add("by-hand", {
    ...toyCard,
    weights: { repo: "owner/model", file: "sub/w.safetensors" },
  });
  await writeTensors(join(path, "w.safetensors"), weights);
  const encoder = await openEncoder(path);
  expect((await encoder.embed(pixels(1), 1)).length).toBe(16);
  const sha256 = createHash("sha256")
    .update(readFileSync(join(path, "w.safetensors")))
    .digest("hex");
  const pinned = { repo: "owner/model", file: "sub/w.safetensors", sha256 };
  await openEncoder(await folder.add("by-hand", { ...toyCard, weights: pinned }));
  const other = await folder.add("by-hand", { ...toyCard, weights: { ...pinned, sha256: "0".repeat(64) } });
  await expect(openEncoder(other)).rejects.toThrow(/w\.safetensors is another file \(sha256 /);
});
