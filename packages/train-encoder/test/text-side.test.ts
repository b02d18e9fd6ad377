import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStage } from "@optogram/cli";
import { openEncoder, openTextEncoder, readCard } from "@optogram/encoders";
import { composeScene } from "@optogram/scenes";
import { stage } from "@optogram/train-encoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawScenes } from "../src/samples.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "text-side-"));
});
afterAll(() => rm(root, { recursive: true }));

const tiny = { size: 32, patch: 8, width: 16, depth: 1, heads: 2, embedding: 24, batch: 8, heldOut: 40 };

async function trained(name: string, more: object): Promise<string> {
  const output = join(root, name);
  await runStage(stage, { parameters: { ...tiny, samples: 16, ...more }, output });
  return output;
}

describe("an encoder trained with captions", { timeout: 120_000 }, () => {
  it("carries its text tower, in the same space as its pictures", async () => {
    const output = await trained("sigmoid", { objective: "sigmoid" });
    const text = await openTextEncoder(output);
    const encoder = await openEncoder(output);
    expect([text.dimension, text.context]).toEqual([24, 26]);
    expect(text.dimension).toBe(encoder.dimension);
    expect(text.temperature).toBeCloseTo(10, 0);
    const { caption } = composeScene(3, 4);
    const rows = await text.embed([caption, "a cat", `${caption} ${caption} ${caption}`]);
    for (let i = 0; i < 3; i++) expect(Math.hypot(...rows.subarray(24 * i, 24 * i + 24))).toBeCloseTo(1, 5);
    await expect(text.embed(["a zeppelin"])).rejects.toThrow('"zeppelin" in "a zeppelin" is none of the');
    await text.close();
    await encoder.close();
  });

  it("aligns captions to a frozen backbone", async () => {
    const output = await trained("dinotxt", {
      objective: "text-alignment",
      backbone: "tiny-siglip",
      size: 64,
    });
    const { card } = await readCard(output);
    expect(card).toMatchObject({
      name: "tiny-dinotxt",
      objective:
        "symmetric softmax contrast of captions and a frozen backbone under a small head, tiny-siglip",
      outputs: { tokens: { grid: [8, 8] }, layers: {} },
    });
    const backbone = await readCard("tiny-siglip");
    expect(card.parameters).toBeGreaterThan(backbone.card.parameters ?? 0);
    const encoder = await openEncoder(output, { batch: 3 });
    const text = await openTextEncoder(output);
    expect([encoder.dimension, text.dimension]).toEqual([384, 384]);
    const { images } = await drawScenes([composeScene(1, 0), composeScene(1, 1)], 64);
    const rows = await encoder.embed(images.data as Float32Array, 2);
    expect(Math.hypot(...rows.subarray(0, 384))).toBeCloseTo(1, 4);
    const one = await openEncoder(output, { batch: 1 });
    (await one.embed(images.data as Float32Array, 2)).forEach((value, k) => {
      expect(value).toBeCloseTo(rows[k], 4);
    });
    await Promise.all([encoder.close(), one.close(), text.close()]);
  });

  it("says which flags do not go together", async () => {
    await expect(trained("a", { backbone: "tiny-siglip" })).rejects.toThrow(
      "sigmoid has no backbone to name",
    );
    await expect(trained("b", { objective: "text-alignment", network: "convnext" })).rejects.toThrow(
      "text-alignment trains no image tower of its own",
    );
  });
});
