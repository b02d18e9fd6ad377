/** dino.txt's head on a backbone, by a card. That the head agrees with PyTorch is tested beside the text towers. */

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { writeTensors } from "@optogram/artifacts";
import {
  architectureSchema,
  buildArchitecture,
  buildDinotxtHead,
  filesToBring,
  openEncoder,
  openTextEncoder,
  randomWeights,
  readCard,
  readEncoder,
  readWeights,
} from "@optogram/encoders";
import { float32, openSession, type Tensor, type TypedModel } from "@optogram/onnx";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encoderFolder } from "./fixture.ts";

const fields = {
  family: "eva",
  patch: 8,
  size: 32,
  width: 12,
  depth: 2,
  heads: 3,
  registers: 2,
  rotary: { kind: "dinov3" },
};
const architecture = architectureSchema.parse(fields);
const shape = { width: 12, depth: 2, heads: 2, hidden: 64 };
const text = {
  naming: "dino.txt",
  vocabulary: 40,
  context: 10,
  width: 16,
  heads: 2,
  depth: 2,
  embedding: 24,
};
const card = {
  ...{ name: "toy", title: "A toy", architecture: fields, normalised: true },
  weights: { file: "backbone.safetensors" },
  head: { weights: { file: "both.safetensors" }, depth: 2, heads: 2, hidden: 64 },
  input: { preprocessing: { size: 32, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } },
  text: {
    ...{ weights: "both.safetensors", prefix: "text_model." },
    architecture: { ...text, biased: false, projection: "linear" },
    tokenizer: { vocabulary: ["cat", "fish"] },
  },
};
const both = join(import.meta.dirname, "../fixtures/text/dinotxt.safetensors");
const backbone = randomWeights(architecture, 3);

let folder: Awaited<ReturnType<typeof encoderFolder>>;
let toy: string;

beforeAll(async () => {
  folder = await encoderFolder();
  toy = await folder.add("toy", card);
  expect(await filesToBring(await readCard(toy))).toEqual([join(toy, "both.safetensors")]);
  await writeTensors(join(toy, "backbone.safetensors"), backbone);
  await copyFile(both, join(toy, "both.safetensors"));
});

afterAll(() => folder.remove());

const pixels = (n: number, side: number) =>
  Float32Array.from({ length: n * 3 * side * side }, (_, i) => Math.sin(i * i));

async function run(model: TypedModel, feeds: Record<string, Tensor>) {
  const session = await openSession(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

it.each([32, 48])("the embedding at %i pixels is the head's, of the backbone's tokens", async (side) => {
  const given = pixels(2, side);
  const options = { batch: 2, outputs: ["embedding", "tokens"], size: side } as const;
  const encoder = await openEncoder(toy, options);
  const found = await encoder.encode(given, 2);
  expect(encoder.dimension).toBe(24);
  await encoder.close();

  const size = [side, side] as const;
  const plain = buildArchitecture(architecture, backbone, { batch: 2, size, outputs: ["tokens"] });
  const { tokens } = await run(plain, { images: float32(given, [2, 3, side, side]) });
  const count = 3 + (side / 8) ** 2;
  expect(tokens.shape).toEqual([2, count, 12]);
  const head = buildDinotxtHead(shape, await readWeights(both), { batch: 2, count, prefix: 3 });
  const embedding = (await run(head, { tokens })).embedding.data as Float32Array;
  for (let image = 0; image < 2; image++) {
    const row = embedding.subarray(image * 24, (image + 1) * 24);
    const length = Math.hypot(...row);
    expect([...found.embedding.data.subarray(image * 24, (image + 1) * 24)]).toEqual(
      Array.from(row, (value) => expect.closeTo(value / length, 5)),
    );
  }
  const patches = (tokens.data as Float32Array).subarray(3 * 12, count * 12);
  expect([...found.tokens.data.subarray(0, patches.length)]).toEqual(
    Array.from(patches, (value) => expect.closeTo(value, 5)),
  );
});

it("meets texts in one space", async () => {
  const texts = await openTextEncoder(toy);
  expect((await texts.embed(["cat", "fish"])).length).toBe(2 * 24);
  expect(texts.project(pixels(1, 32).subarray(0, 24), 1).length).toBe(24);
  await texts.close();
});

it("is part of the digest, and drawn anew for a control", async () => {
  const { digest } = await readEncoder(toy);
  const other = await folder.add("other", card);
  await writeTensors(join(other, "backbone.safetensors"), backbone);
  const weights = await readWeights(both);
  const gamma = weights["visual_model.head.blocks.1.ls2.gamma"];
  const doubled = { ...gamma, data: (gamma.data as Float32Array).map((value) => 2 * value) };
  await writeTensors(join(other, "both.safetensors"), {
    ...weights,
    "visual_model.head.blocks.1.ls2.gamma": doubled,
  });
  expect((await readEncoder(other)).digest).not.toBe(digest);

  const control = { name: "control", title: "A control", weights: "random", of: "toy", seed: 1 };
  const drawn = await openEncoder(await folder.add("control", control));
  const learnt = await openEncoder(toy);
  const [a, b] = [await drawn.embed(pixels(1, 32), 1), await learnt.embed(pixels(1, 32), 1)];
  expect(a.length).toBe(b.length);
  expect(a).not.toEqual(b);
  await Promise.all([drawn.close(), learnt.close()]);
});

it("is refused where it cannot stand", async () => {
  const refused = async (name: string, more: object) =>
    readCard(await folder.add(name, { ...card, ...more }));
  await expect(refused("drawn", { weights: "random", seed: 1 })).rejects.toThrow(
    /card\.json: head: a head stands on an architecture whose weights are in a file$/,
  );
  await expect(refused("odd", { head: { ...card.head, heads: 5 } })).rejects.toThrow(
    /head\.heads: 5 do not divide the width of tokens, 12$/,
  );
  const convnext = { family: "convnext", widths: [8, 16], depths: [1, 1], patch: 4 };
  await expect(refused("map", { architecture: { size: 32, ...convnext } })).rejects.toThrow(
    /head: the architecture has no class token that a head could read$/,
  );
});
