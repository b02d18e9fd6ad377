import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  codes as codesColumn,
  columnOf,
  digestOf,
  lists,
  readArtifact,
  readManifest,
  structs,
  table,
  toLists,
  toNumbers,
  toTexts,
  writeArtifact,
} from "@optogram/artifacts";
import { runStage, StoppedError } from "@optogram/cli";
import { stage } from "@optogram/compute-coactivation";
import { seededRandom } from "@optogram/statistics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const kinds = ["fish", "boat", "cactus", "chair", "moon"];
const [perKind, imageCount, d] = [7, 200, 6];
const features = kinds.length * perKind;
// Image numbers have gaps where images could not be read.
const imageIds = Uint32Array.from({ length: imageCount }, (_, i) => 3 * i + 5);
const kindOf = (row: number) => row % kinds.length;

let home: string;
const at = (name: string) => join(home, name);
const description = (kind: string) => ({
  kind,
  stage: `make-${kind}`,
  parameters: {},
  inputs: {},
  versions: {},
  device: "cpu",
});

async function writeSae(
  name: string,
  change: (values: Float32Array, indices: Uint16Array) => void = () => {},
) {
  const random = seededRandom(31);
  const offsets = [0];
  const indices: number[] = [];
  for (let row = 0; row < imageCount; row++) {
    for (const f of random.sample(perKind - 1, 4)) indices.push(kindOf(row) * perKind + f);
    offsets.push(indices.length);
  }
  const values = Float32Array.from(indices, () => random.uniform(0.1, 1));
  const numbers = Uint16Array.from(indices);
  change(values, numbers);
  const decoder = Float32Array.from({ length: features * d }, () => random.normal());
  await writeArtifact(at(name), description("sae"), async (writer) => {
    await writer.tensors("sae.safetensors", {
      W_dec: { dtype: "float32", shape: [features, d], data: decoder },
    });
    const code = codesColumn({ offsets: Uint32Array.from(offsets), features: numbers, values });
    await writer.table("codes.parquet", table({ image: imageIds, code }));
  });
}

async function writeFeatures(name: string, columns: Record<string, Parameters<typeof table>[0][string]>) {
  await writeArtifact(at(name), description("features"), async (writer) => {
    // In another order than the codes, and with an image more.
    await writer.table(
      "images.parquet",
      table({ image: Uint32Array.of(1, ...imageIds.toReversed()), ...columns }),
    );
  });
}

function run(
  inputs: Record<string, string>,
  output: string,
  seed = 1,
  signal = new AbortController().signal,
) {
  const folders = Object.entries(inputs).map(([role, name]) => [role, [at(name)]] as const);
  const parameters = { seed, minimumCount: 2 };
  return runStage(stage, { parameters, inputs: Object.fromEntries(folders), output: at(output), signal });
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "coactivation-"));
  await writeSae("sae");
  const rows = Array.from({ length: imageCount }, (_, i) => imageCount - 1 - i);
  await writeFeatures("scenes", {
    truth: lists(
      // None for the extra image; the kind itself, and a moon too small to count, for the others.
      [0, ...Array.from({ length: imageCount + 1 }, (_, i) => 2 * i)],
      structs({
        kind: rows.flatMap((row) => [kinds[kindOf(row)], "moon"]),
        coverage: Float32Array.from(rows.flatMap(() => [0.2, 0.01])),
      }),
    ),
  });
  await writeFeatures("captioned", {
    caption: ["", ...rows.map((row) => `A photo of the ${kinds[kindOf(row)]}s`)],
  });
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe("stage compute-coactivation", () => {
  it("writes the tables of its contract, named by ground truth", async () => {
    await run({ sae: "sae", features: "scenes" }, "map");
    const artifact = await readArtifact(at("map"), "coactivation");
    const map = await artifact.table("map.parquet");
    expect(map.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toMatchInlineSnapshot(`
      [
        "feature: Uint32",
        "x: Float32",
        "y: Float32",
        "column: Uint16",
        "row: Uint16",
        "strength: Float32",
        "density: Float32",
        "count: Uint32",
        "max: Float32",
        "mean: Float32",
        "histogram: List<Uint32>",
        "region: Uint16",
        "label: Utf8",
        "by_words: Bool",
      ]
    `);
    const living = toNumbers(columnOf(map, "feature")) as Uint32Array;
    expect([...living]).toEqual([...Array(features).keys()].filter((f) => f % perKind !== perKind - 1));
    expect(toTexts(columnOf(map, "label"))).toEqual(
      Array.from(living, (f) => kinds[Math.floor(f / perKind)]),
    );
    const histogram = toLists(columnOf(map, "histogram"));
    const counts = toNumbers(columnOf(map, "count")) as Uint32Array;
    const bins = toNumbers(histogram.items) as Uint32Array;
    counts.forEach((count, i) => {
      expect(bins.subarray(24 * i, 24 * i + 24).reduce((a, b) => a + b, 0)).toBe(count);
    });

    const tops = await artifact.table("tops.parquet");
    const owner = toNumbers(columnOf(tops, "feature")) as Uint32Array;
    const shown = toNumbers(columnOf(tops, "image")) as Uint32Array;
    shown.forEach((image, p) => {
      expect(kindOf((image - 5) / 3)).toBe(Math.floor(owner[p] / perKind));
    });

    const neighbours = await artifact.table("neighbours.parquet");
    expect(new Set(toTexts(columnOf(neighbours, "relation")))).toEqual(new Set(["coactivation", "cosine"]));
    const count = toNumbers(columnOf(neighbours, "count")) as Uint32Array;
    const lift = toNumbers(columnOf(neighbours, "lift")) as Float32Array;
    const from = toNumbers(columnOf(neighbours, "feature")) as Uint32Array;
    const to = toNumbers(columnOf(neighbours, "other")) as Uint32Array;
    const countOf = new Map(Array.from(living, (f, i) => [f, counts[i]]));
    lift.forEach((value, p) => {
      const chance = ((countOf.get(from[p]) ?? 0) * (countOf.get(to[p]) ?? 0)) / imageCount;
      expect(value).toBeCloseTo(count[p] / chance, 3);
    });

    const regions = await artifact.table("regions.parquet");
    expect(toTexts(columnOf(regions, "label")).every((label) => kinds.includes(label ?? ""))).toBe(true);
    expect(artifact.manifest.metrics).toMatchObject({ living: 30 });
    expect(artifact.manifest.inputs).toEqual({
      sae: { kind: "sae", digest: digestOf(await readManifest(at("sae"))) },
      features: { kind: "features", digest: digestOf(await readManifest(at("scenes"))) },
    });
  });

  it("writes the same bytes again", async () => {
    for (const output of ["first", "second"]) await run({ sae: "sae", features: "scenes" }, output);
    expect(await readManifest(at("second"))).toEqual(await readManifest(at("first")));
    await run({ sae: "sae", features: "scenes" }, "other", 2);
    const files = async (name: string) => (await readManifest(at(name))).files;
    expect((await files("other"))["map.parquet"]).not.toEqual((await files("first"))["map.parquet"]);
    expect((await files("other"))["tops.parquet"]).toEqual((await files("first"))["tops.parquet"]);
  });

  it("takes names from captions where there is nothing else, and needs none", async () => {
    await run({ sae: "sae", features: "captioned" }, "words");
    const named = await (await readArtifact(at("words"), "coactivation")).table("map.parquet");
    expect(new Set(toTexts(columnOf(named, "label")))).toEqual(new Set(kinds.map((kind) => `${kind}s`)));
    await run({ sae: "sae" }, "plain");
    const plain = await (await readArtifact(at("plain"), "coactivation")).table("map.parquet");
    expect(toTexts(columnOf(plain, "label")).every((label) => label === null)).toBe(true);
  });

  it("names features by words where their images share nothing", async () => {
    const names = Array.from({ length: features }, (_, feature) => feature);
    const write = (name: string, sae: string) =>
      writeArtifact(
        at(name),
        { ...description("alignment"), inputs: { sae: source(sae) } },
        async (writer) => {
          await writer.table("texts.parquet", table({ text: ["at sea", "at night", "red"] }));
          await writer.table(
            "names.parquet",
            table({
              feature: Uint32Array.from(names.flatMap((f) => [f, f])),
              rank: Uint32Array.from(names.flatMap(() => [1, 2])),
              text: Uint32Array.from(names.flatMap((f) => [f < perKind ? 0 : 2, 1])),
              // The third kind's features stand out for no text.
              score: Float32Array.from(names.flatMap((f) => [Math.floor(f / perKind) === 2 ? 1.5 : 4, 3.5])),
            }),
          );
        },
      );
    const source = (sae: string) => saes.get(sae) as { kind: "sae"; digest: string };
    const saes = new Map(
      await Promise.all(
        ["sae", "map"].map(
          async (name) =>
            [name, { kind: "sae", digest: digestOf(await readManifest(at(name))) } as const] as const,
        ),
      ),
    );
    await write("named", "sae");
    await run({ sae: "sae", alignment: "named" }, "by-words");
    const map = await (await readArtifact(at("by-words"), "coactivation")).table("map.parquet");
    const living = Array.from(toNumbers(columnOf(map, "feature")), Number);
    const expected = living.map((f) =>
      Math.floor(f / perKind) === 2 ? null : f < perKind ? "at sea" : "red",
    );
    expect(toTexts(columnOf(map, "label"))).toEqual(expected);
    expect(Array.from(columnOf(map, "by_words"))).toEqual(expected.map((name) => name !== null));
    const regions = await (await readArtifact(at("by-words"), "coactivation")).table("regions.parquet");
    expect(toTexts(columnOf(regions, "label"))).toContain("red");

    // What images say goes first.
    await run({ sae: "sae", features: "scenes", alignment: "named" }, "by-both");
    const both = await (await readArtifact(at("by-both"), "coactivation")).table("map.parquet");
    expect(Array.from(columnOf(both, "by_words")).some(Boolean)).toBe(false);
    await write("foreign", "map");
    await expect(run({ sae: "sae", alignment: "foreign" }, "x")).rejects.toThrow(/another dictionary/);
    await writeArtifact(at("nameless"), description("alignment"), async (writer) => {
      await writer.table("texts.parquet", table({ text: ["red"] }));
    });
    await expect(run({ sae: "sae", alignment: "nameless" }, "x")).rejects.toThrow(/names no features/);
  });

  it("says in one line what is wrong with a damaged input", async () => {
    await writeSae("nan", (values) => values.fill(Number.NaN, 3, 4));
    await expect(run({ sae: "nan" }, "x")).rejects.toThrow(
      /nan: codes.parquet holds an activation that is not a positive number; run make-sae again/,
    );
    await writeSae("beyond", (_, indices) => indices.fill(features, 0, 1));
    await expect(run({ sae: "beyond" }, "x")).rejects.toThrow(/feature beyond the 35 of W_dec/);
    await expect(run({ sae: "scenes" }, "x")).rejects.toThrow(/is sae, not features/);
  });

  it("stops when told to, leaving nothing", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(run({ sae: "sae" }, "stopped", 1, stop.signal)).rejects.toThrow(StoppedError);
    await expect(readManifest(at("stopped"))).rejects.toThrow(/holds no artifact/);
  });
});
