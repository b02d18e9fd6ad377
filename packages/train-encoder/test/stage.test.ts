import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStage } from "@optogram/cli";
import { openEncoder, readCard, readEncoder } from "@optogram/encoders";
import { stage } from "@optogram/train-encoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawScenes, scenesOf } from "../src/samples.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "encoder-"));
});
afterAll(() => rm(root, { recursive: true }));

const tiny = { size: 16, patch: 8, width: 16, depth: 1, heads: 2, samples: 10, batch: 4, heldOut: 40 };

const pixels = (n: number) => Float32Array.from({ length: n * 3 * 256 }, (_, i) => Math.sin(i));

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
    const { embedding, tokens, "layers.block.0": block } = await encoder.encode(pixels(2), 2);
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

  it("distils a ConvNet from an encoder that it wrote, into that one's space, and says from which", async () => {
    const [teacher, output] = [join(root, "teacher"), join(root, "student")];
    await runStage(stage, { parameters: { objective: "masked-autoencoding", ...tiny }, output: teacher });
    const parameters = {
      objective: "distillation",
      network: "convnext",
      teacher,
      ...tiny,
      samples: 160,
      rate: 5e-3,
    };
    await runStage(stage, { parameters, output });
    const { card } = await readCard(output);
    expect(card).toMatchObject({
      name: "tiny-convnext-dino",
      title: "Small ConvNeXt (widths 8 and 16, 1 and 1 blocks, stride 8) trained on scenes alone",
      objective: "distillation of a frozen encoder's embedding and tokens, tiny-mae",
      outputs: {
        tokens: { tensor: "tokens", layout: "map", grid: [2, 2] },
        layers: {
          "stage.0": { tensor: "stage.0", layout: "map", grid: [4, 4] },
          "stage.1": { tensor: "stage.1", layout: "map", grid: [2, 2] },
        },
      },
    });
    expect(card.command).toContain(`--objective distillation --network convnext --teacher ${teacher}`);
    const { digest } = await readEncoder(teacher);
    expect(JSON.parse(await readFile(join(output, "manifest.json"), "utf8"))).toMatchObject({
      parameters: { teacher, teacherDigest: digest },
    });
    const outputs = ["embedding", "tokens", "layers.stage.0", "layers.stage.1"] as const;
    const student = await openEncoder(output, { batch: 3, outputs });
    const scenes = (await drawScenes(scenesOf(2, 0, 2), 16)).images.data as Float32Array;
    const seen = await student.encode(scenes, 2);
    await student.close();
    expect(Object.values(seen).map(({ shape }) => shape)).toEqual([
      [2, 16],
      [2, 4, 16],
      [2, 16, 8],
      [2, 4, 16],
    ]);
    const known = await openEncoder(teacher, { batch: 2 });
    const wanted = await known.embed(scenes, 2);
    await known.close();
    const cosine = seen.embedding.data.reduce((sum, value, i) => sum + value * wanted[i], 0) / 2;
    expect(cosine).toBeGreaterThan(0.5);
  });

  it.each([
    [
      { objective: "mixed", network: "convnext" },
      "mixed hides patches, which a ConvNet cannot leave out: train it with --network vit, or a ConvNet for another objective",
    ],
    [{ size: 30 }, "the size 30 is no multiple of the patch 8: take 32, or another patch"],
    [{ teacher: "tiny-siglip" }, "sigmoid has no teacher to name: leave --teacher out"],
    [{ network: "convnext", patch: 5, size: 25 }, "a ConvNet halves the patch 5 and the width 16"],
    [{ heads: 3 }, "the width 16 is no multiple of the 3 heads"],
    [{ objective: "distillation", teacher: "absent" }, 'there is none for "absent"'],
  ])("refuses what does not go together: %j", async (change, message) => {
    const parameters = { ...tiny, ...change };
    await expect(runStage(stage, { parameters, output: join(root, "none") })).rejects.toThrow(message);
  });

  it("names an encoder as it is told", async () => {
    const output = join(root, "named");
    await runStage(stage, { parameters: { objective: "supervised", name: "mine", ...tiny }, output });
    const card = JSON.parse(await readFile(join(output, "card.json"), "utf8"));
    expect(card).toMatchObject({ name: "mine", objective: "supervised classification of the kinds shown" });
    expect(card.command).toContain("--out models/mine --objective supervised --name mine");
  });
});
