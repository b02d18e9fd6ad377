import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStage } from "@optogram/cli";
import { openEncoder, readCard } from "@optogram/encoders";
import { stage } from "@optogram/train-encoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "encoder-"));
});
afterAll(() => rm(root, { recursive: true }));

const tiny = { size: 16, patch: 8, width: 16, depth: 1, heads: 2, samples: 10, batch: 4, heldOut: 40 };

describe("train-encoder", { timeout: 60_000 }, () => {
  it("writes an encoder whose card says what it learnt, how to do it again, and how well it does", async () => {
    const output = join(root, "mae");
    await runStage(stage, { parameters: { objective: "masked-autoencoding", ...tiny }, output });
    const { card } = await readCard(output);
    expect(card).toMatchObject({
      name: "tiny-mae",
      objective: "masked autoencoding, 75 % of patches hidden",
      command:
        "npx optogram train-encoder --out models/tiny-mae --objective masked-autoencoding --size 16 --width 16 --depth 1 --heads 2 --samples 10 --batch 4 --held-out 40",
      // Whole batches.
      samples: 12,
    });
    const own = Object.keys(card.scores ?? {}).filter((name) => name.startsWith("squared error"));
    expect(own.map((name) => name.split(", ").at(-1))).toEqual([
      "at unit variance",
      "random weights",
      "each patch's own mean",
    ]);
    const encoder = await openEncoder(output, {
      batch: 2,
      outputs: ["embedding", "tokens", "layers.block.0"],
    });
    const pixels = Float32Array.from({ length: 2 * 3 * 256 }, (_, i) => Math.sin(i));
    const { embedding, tokens, "layers.block.0": block } = await encoder.encode(pixels, 2);
    expect([tokens.shape, block.shape]).toEqual([
      [2, 4, 16],
      [2, 4, 16],
    ]);
    // The mean of the tokens, at unit length.
    const sum = Array.from({ length: 16 }, (_, k) =>
      [0, 1, 2, 3].reduce((total, t) => total + tokens.data[16 * t + k], 0),
    );
    sum.forEach((value, k) => {
      expect(embedding.data[k]).toBeCloseTo(value / Math.hypot(...sum), 4);
    });
    await encoder.close();
  });

  it("names an encoder as it is told", async () => {
    const output = join(root, "named");
    await runStage(stage, { parameters: { objective: "supervised", name: "mine", ...tiny }, output });
    const card = JSON.parse(await readFile(join(output, "card.json"), "utf8"));
    expect(card).toMatchObject({ name: "mine", objective: "supervised classification of the kinds shown" });
    expect(card.command).toContain("--out models/mine --objective supervised --name mine");
  });
});
