import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binaries, readArtifact, table, writeArtifact } from "@optogram/artifacts";
import { openImages } from "@optogram/images";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bar } from "../src/bars.ts";

const root = join(import.meta.dirname, "../../..");

describe("optogram decompose", { timeout: 120_000 }, () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const optogram = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, "../bin/optogram.js"), ...args], {
      cwd: root,
    });
  const decompose = (...args: string[]) =>
    optogram("decompose", ...args, "--sae", at("sae"), "--features", at("features"));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "optogram-decompose-"));
    const source = await openImages({ source: "scenes", seed: 5, count: 2, first: 0 });
    for (const i of [0, 1]) {
      const { width, height, data } = await source.read(i, 96);
      await sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(at(`${i}.png`));
    }
    writeFileSync(at("broken.jpg"), "not a picture");
    const scenes = (seed: number, name: string) => [
      ...["extract-features", "--encoder", "tiny-siglip", "--out", at(name)],
      ...["--images", `scenes:seed=${seed},count=128`],
    ];
    await optogram(...scenes(1, "features"));
    await optogram(...scenes(2, "heldout"));
    const settings = ["--latents", "32", "--variant", "topk", "--k", "6", "--steps", "60", "--batch", "64"];
    const inputs = ["--features", at("features"), "--heldout", at("heldout")];
    await optogram("train-sae", ...inputs, ...settings, "--out", at("sae"));
    await optogram(
      ...["compute-coactivation", "--sae", at("sae"), "--features", at("features")],
      ...["--out", at("coactivation")],
    );
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("lists an image's features with bars, the strongest first, and what they answer to", async () => {
    const { stdout } = await decompose(at("0.png"), "--coactivation", at("coactivation"));
    const [title, , ...rows] = stdout.trimEnd().split("\n");
    expect(title).toMatch(/0\.png: 6 features rebuild its embedding to a cosine of 0\.\d{3} /);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^ +\d+ {2}█{24} /);
    const activations = rows.map((row) => Number(/ (\d+\.\d\d) {2}/.exec(row)?.[1]));
    expect(activations).toEqual([...activations].sort((a, b) => b - a));
    expect(stdout).toMatch(/\w+ \(AUROC 0\.\d\d\)/);
  });

  it("shows how pictures came about, and hands them to machines", async () => {
    const { digest } = await readArtifact(at("sae"), "sae");
    const png = await readFile(at("1.png"));
    const features = [...Array(32).keys()];
    await writeArtifact(
      at("pictures"),
      {
        kind: "pictures",
        stage: "visualize-features",
        parameters: {},
        inputs: { sae: { kind: "sae", digest } },
        versions: {},
        device: "cpu",
      },
      (writer) =>
        writer.table(
          "pictures.parquet",
          table({
            feature: Uint32Array.from(features),
            picture: binaries(features.map(() => png)),
            method: features.map(() => "ascent"),
            cosine: Float32Array.from(features, () => 0.75),
            rank: Uint32Array.from(features, () => 2),
          }),
        ),
    );
    const given = [at("0.png"), "--pictures", at("pictures")];
    expect((await decompose(...given)).stdout.match(/picture by ascent: 0\.75/g)).toHaveLength(6);
    const [first] = JSON.parse((await decompose(...given, "--json")).stdout).features;
    expect(first.picture).toEqual({ method: "ascent", cosine: 0.75, rank: 2, png: png.toString("base64") });
  });

  it("gives machines an object a line, and goes on after what is no image", async () => {
    const failed = await decompose(
      at("0.png"),
      at("broken.jpg"),
      at("none.png"),
      at("1.png"),
      "--json",
    ).catch((error) => error);
    expect(failed.code).toBe(1);
    const said: string[] = failed.stderr.trimEnd().split("\n");
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^optogram decompose: .*broken\.jpg: cannot be decoded/);
    expect(said[1]).toMatch(/^optogram decompose: there is no such file or folder .*none\.png/);
    const images = (failed.stdout as string)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(images.map(({ file }) => file)).toEqual([at("0.png"), at("1.png")]);
    for (const { features, baseline, cosine } of images) {
      expect(features).toHaveLength(6);
      expect(features.at(-1).cosine).toBe(cosine);
      expect(cosine).toBeGreaterThan(baseline);
    }
  });

  it.each([
    ["--coactivation", "nowhere", /no artifact/],
    ["--coactivation", "sae", /coactivation/],
  ])("says in a line what is wrong with %s %s", async (flag, wrong, message) => {
    const failed = await decompose(at("0.png"), flag, at(wrong)).catch((error) => error);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(message);
    expect(failed.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("draws bars in eighths of a character", () => {
    expect([0, 1 / 192, 0.5, 1, 2].map(bar)).toEqual([
      "",
      "▏",
      "█".repeat(12),
      "█".repeat(24),
      "█".repeat(24),
    ]);
  });
});
