import { readdirSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildTextTower,
  openTextEncoder,
  readCard,
  readWeights,
  textArchitectureSchema,
  textPresets,
} from "@optogram/encoders";
import { startHub } from "@optogram/hub/testing";
import { mul, writeModel } from "@optogram/onnx";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encoderFolder, network, plainCard } from "./fixture.ts";

let folder: Awaited<ReturnType<typeof encoderFolder>>;
beforeAll(async () => {
  folder = await encoderFolder();
});
afterAll(() => folder.remove());

const weights = fileURLToPath(new URL("../fixtures/text/siglip.safetensors", import.meta.url));
const architecture = {
  vocabulary: 512,
  width: 64,
  heads: 2,
  depth: 2,
  embedding: 64,
  context: 64,
  causal: false,
  pool: "last",
  projection: "linear-bias",
};
const tokenizer = { vocabulary: ["a", "red", "fish", "boat"] };
const side = { weights: "siglip.safetensors", architecture, tokenizer };

async function add(name: string, text: object | undefined) {
  const path = await folder.add(
    name,
    { ...plainCard, ...(text && { text }) },
    network((g, x) => g.output("out", mul(x, 1))),
  );
  await copyFile(weights, join(path, "siglip.safetensors"));
  return path;
}

const cosine = (rows: Float32Array, d: number, i: number, j: number) =>
  rows.subarray(i * d, (i + 1) * d).reduce((sum, value, k) => sum + value * rows[j * d + k], 0);

describe("the text side of an encoder", () => {
  it("embeds any number of texts at unit length, whatever the batch", async () => {
    const path = await add("weights", side);
    const texts = ["a red fish", "a boat", "red", "fish", "a red fish"];
    const two = await openTextEncoder(path, { batch: 2 });
    const rows = await two.embed(texts);
    expect([two.dimension, two.context, two.temperature, rows.length]).toEqual([64, 64, 100, 5 * 64]);
    for (let i = 0; i < 5; i++) expect(cosine(rows, 64, i, i)).toBeCloseTo(1, 5);
    expect(cosine(rows, 64, 0, 4)).toBeCloseTo(1, 5);
    expect(cosine(rows, 64, 0, 1)).toBeLessThan(0.9999);
    const one = await openTextEncoder(path, { batch: 1 });
    const alone = await one.embed([texts[1]]);
    alone.forEach((value, k) => {
      expect(value).toBeCloseTo(rows[64 + k], 5);
    });
    expect(await two.embed([])).toEqual(new Float32Array(0));
    expect(one.digest).toBe(two.digest);
    await one.close();
    await two.close();
  });

  it("reads a tower as an ONNX file, and its files change the digest", async () => {
    const path = await add("onnx", { file: "text.onnx", context: 64, tokenizer, temperature: 20 });
    const full = textArchitectureSchema.parse(architecture);
    const model = buildTextTower(full, await readWeights(weights), { batch: 3 });
    await writeModel(join(path, "text.onnx"), model);
    const stored = await openTextEncoder(path, { batch: 3 });
    const built = await openTextEncoder(await add("built", side));
    const [a, b] = [await stored.embed(["a red boat"]), await built.embed(["a red boat"])];
    a.forEach((value, k) => {
      expect(value).toBeCloseTo(b[k], 5);
    });
    expect(stored.temperature).toBe(20);
    expect(stored.digest).not.toBe(built.digest);
    await stored.close();
    await built.close();
  });

  it("brings image embeddings to the joint space through the checkpoint's matrix", async () => {
    const projected = { ...side, imageProjection: "text_projection.weight" };
    const encoder = await openTextEncoder(await add("projection", projected));
    const matrix = (await readWeights(weights))["text_projection.weight"].data as Float32Array;
    const image = Float32Array.from({ length: 64 }, (_, i) => (i === 2 ? 3 : 0));
    const row = encoder.project(image, 1);
    const expected = matrix.subarray(2 * 64, 3 * 64);
    const length = Math.hypot(...expected);
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(expected[j] / length, 5);
    });
    expect(() => encoder.project(new Float32Array(10), 1)).toThrow(/embeddings of 10 numbers, .* takes 64/);
    await encoder.close();
  });

  it("fetches its files from the hub, and finds them again without one", async () => {
    const hub = await startHub();
    vi.stubEnv("HF_ENDPOINT", hub.endpoint);
    vi.stubEnv("HF_HOME", join(folder.root, "hf"));
    for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE"]) vi.stubEnv(name, "");
    try {
      const bytes = await readFile(weights);
      hub.files.set("open_clip_model.safetensors", { bytes, lfs: true });
      const pairs = Buffer.from("#version\nc a\nca t</w>\n");
      hub.files.set("vocabulary.txt", { bytes: pairs, lfs: false });
      const hosted = {
        ...{ repo: "owner/model", weights: "open_clip_model.safetensors", architecture },
        // Of 516 tokens, where the tower has 512: begin and end are none of them.
        tokenizer: { file: "vocabulary.txt", clean: "clip" },
      };
      const foreign = await openTextEncoder(await add("foreign", hosted));
      await expect(foreign.embed(["cat"])).rejects.toThrow(
        /the text tower cannot read what its tokenizer writes: is it another model's\?/,
      );
      const closed = await openTextEncoder(await add("hosted-words", { ...hosted, tokenizer }));
      const local = await openTextEncoder(await add("beside", side));
      expect(await closed.embed(["a red fish"])).toEqual(await local.embed(["a red fish"]));
      vi.stubEnv("HF_HUB_OFFLINE", "1");
      const asked = hub.log.length;
      const again = await openTextEncoder(join(folder.root, "hosted-words"));
      expect([again.digest, hub.log.length]).toEqual([closed.digest, asked]);
      await expect(
        openTextEncoder(await add("gone", { ...hosted, tokenizer, weights: "sub/other.safetensors" })),
      ).rejects.toThrow(/toy: owner\/model: sub\/other\.safetensors is not here, and HF_HUB_OFFLINE is set/);
      for (const encoder of [foreign, closed, local, again]) await encoder.close();
    } finally {
      vi.unstubAllEnvs();
      await hub.close();
    }
  });

  it("says what is wrong in one line", async () => {
    const open = async (name: string, text: object | undefined) => openTextEncoder(await add(name, text));
    await expect(open("none", undefined)).rejects.toThrow(/toy: its card has no text side/);
    await expect(open("preset", { ...side, architecture: "clip" })).rejects.toThrow(
      /no text architecture "clip"; there are clip-base-quickgelu/,
    );
    await expect(open("gone", { ...side, weights: "other.pth" })).rejects.toThrow(
      /other\.pth .* is not there/,
    );
    await expect(open("up", { ...side, weights: "../other.pth" })).rejects.toThrow(/without \.\./);
    await expect(open("matrix", { ...side, imageProjection: "visual.proj" })).rejects.toThrow(
      /imageProjection visual\.proj is no matrix/,
    );
    const path = await add("broken", { file: "text.onnx", context: 64, tokenizer });
    await writeFile(join(path, "text.onnx"), "no model");
    await expect(openTextEncoder(path)).rejects.toThrow(/text\.onnx/);
    await expect(open("image", { file: "toy.onnx", context: 64, tokenizer })).rejects.toThrow(
      /toy\.onnx: not a text tower/,
    );
  });
});

describe("the cards in models/", () => {
  const models = fileURLToPath(new URL("../../../models", import.meta.url));
  const names = readdirSync(models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);

  it("name text towers that there are, for networks of the same kind", async () => {
    const told: string[] = [];
    for (const name of names) {
      const { text } = (await readCard(name)).card;
      if (text === undefined || !("weights" in text)) continue;
      const { architecture } = text;
      if (typeof architecture !== "string") continue;
      expect(Object.keys(textPresets)).toContain(architecture);
      expect(architecture.split("-")[0], name).toBe(name.match(/siglip2?|clip|dinotxt/)?.[0]);
      // SigLIP's pooled tokens lie in the joint space already.
      expect(text.imageProjection !== undefined, name).toBe(architecture.startsWith("clip"));
      told.push(name);
    }
    expect(told.length).toBeGreaterThanOrEqual(10);
  });
});
