import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  binaries,
  bools,
  codes,
  digestOf,
  lists,
  structs,
  table,
  texts,
  vectors,
  writeArtifact,
} from "@optogram/artifacts";
import { runStage } from "@optogram/cli";
import { openImages } from "@optogram/images";
import { stage as renderAtlas } from "@optogram/render-atlas";
import sharp from "sharp";
import { writeEvaluation, writeOperators } from "./encoders-fixture.ts";
import { writeFeatureMaps } from "./maps-fixture.ts";
import { mixed, networkSize, smallDecoder, smallEncoder } from "./networks.ts";
import { writeCombinations, writeSpread } from "./refined-fixture.ts";
import { writeSuperposition } from "./superposition.ts";
import { writeAlignment } from "./words-fixture.ts";

const seed = 3;
const images = 160;
const dimensions = 8;
const topImages = 24;
const side = 9;

const viteCommand = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

export interface SmallAtlas {
  readonly folder: string;
  /** Another, of the ranking of encoders alone. */
  readonly ranking: string;
  /** A living feature with a name, and what it answers to. */
  readonly feature: number;
  readonly kind: string;
  /** The feature that no image makes active. */
  readonly dead: number;
  readonly living: number;
}

/**
 * Renders an atlas of two encoders over a few scenes into a folder: the page is built, artifacts are written as the
 * stages before would, and the real stage makes the site of them. Feature f answers to kind f; the last one is dead. The even
 * ones have a drawn picture.
 */
export async function renderSmallAtlas(folder: string): Promise<SmallAtlas> {
  await promisify(execFile)(process.execPath, [viteCommand, "build"], { cwd: packageFolder });
  await mkdir(folder, { recursive: true });
  const world = await readWorld();
  const features = `${folder}/features`;
  const sae = `${folder}/sae`;
  const coactivation = `${folder}/coactivation`;
  const decoder = `${folder}/decoder`;
  const pictures = `${folder}/pictures`;
  const probes = `${folder}/probes`;
  const written = await writeFeatures(features, world, "small");
  const dictionary = await writeSae(sae, world, written, 0.97);
  await writeCoactivation(coactivation, world, dictionary);
  await writeDecoder(decoder, dictionary);
  await writePictures(pictures, world, dictionary);
  const combinations = `${folder}/combinations`;
  const spread = `${folder}/spread`;
  const ofSae = { sae: source(dictionary) };
  await described(combinations, "combinations", "combine-features", { seed: 1 }, ofSae, (writer) =>
    writeCombinations(writer, pixel),
  );
  await described(spread, "spread", "spread-images", { seed: 1 }, ofSae, (writer) =>
    writeSpread(writer, pixel),
  );
  await writeProbes(probes, world, dictionary);
  const rival = await writeFeatures(`${folder}/rival-features`, world, "small-random");
  await writeSae(`${folder}/rival-sae`, world, rival, 0.7);
  await writeSuperposition(`${folder}/superposition`);
  const evaluation = `${folder}/evaluation`;
  const operators = `${folder}/operators`;
  await writeEvaluation(evaluation);
  await writeOperators(operators);
  const maps = [`${folder}/maps-sharp`, `${folder}/maps-blank`];
  await writeFeatureMaps(maps[0]!, "sharp", true);
  await writeFeatureMaps(maps[1]!, "blank", false);
  const alignment = `${folder}/alignment`;
  const ofFeatures = { features: source(written) };
  await described(alignment, "alignment", "align-text", { seed: 1 }, ofFeatures, (writer) =>
    writeAlignment(writer, dimensions),
  );
  const ranking = `${folder}/ranking`;
  await runStage(renderAtlas, {
    parameters: { title: "A ranking" },
    inputs: { evaluation: [evaluation] },
    output: ranking,
  });
  await runStage(renderAtlas, {
    parameters: { title: "Small atlas" },
    inputs: {
      features: [features, `${folder}/rival-features`],
      sae: [sae, `${folder}/rival-sae`],
      coactivation: [coactivation],
      decoder: [decoder],
      pictures: [pictures],
      combinations: [combinations],
      spread: [spread],
      superposition: [`${folder}/superposition`],
      probes: [probes],
      evaluation: [evaluation],
      operators: [operators],
      maps,
      alignment: [alignment],
    },
    output: `${folder}/site`,
  });
  return {
    folder: `${folder}/site`,
    ranking,
    feature: 1,
    kind: world.kinds[1]!,
    dead: world.kinds.length,
    living: world.kinds.length,
  };
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

interface World {
  readonly kinds: readonly string[];
  readonly records: readonly Awaited<ReturnType<Awaited<ReturnType<typeof openImages>>["record"]>>[];
  /** By feature: the images that make it active, strongest first. */
  readonly activations: readonly (readonly { image: number; value: number }[])[];
}

async function readWorld(): Promise<World> {
  const source = await openImages({ source: "scenes", seed, count: images, first: 0 });
  const records = await Promise.all(Array.from({ length: images }, (_, i) => source.record(i)));
  const shown = new Map<string, { image: number; value: number }[]>();
  for (const [image, { truth = [] }] of records.entries()) {
    for (const { kind, coverage } of truth) {
      const list = shown.get(kind) ?? [];
      list.push({ image, value: Math.sqrt(coverage) });
      shown.set(kind, list);
    }
  }
  const kinds = [...shown.keys()].filter((kind) => shown.get(kind)!.length >= 3).sort();
  const activations = kinds.map((kind) =>
    shown.get(kind)!.sort((a, b) => b.value - a.value || a.image - b.image),
  );
  return { kinds, records, activations };
}

interface Source {
  readonly manifest: Awaited<ReturnType<typeof writeArtifact>>;
  readonly kind: string;
}

async function described(
  folder: string,
  kind: string,
  stage: string,
  parameters: Record<string, unknown>,
  inputs: Record<string, { kind: string; digest: string }>,
  write: Parameters<typeof writeArtifact>[2],
): Promise<Source> {
  const manifest = await writeArtifact(
    folder,
    { kind, stage, parameters, inputs, versions: { optogram: "0.1.0" }, device: "cpu" },
    write,
  );
  return { manifest, kind };
}

function source({ manifest, kind }: Source) {
  return { kind, digest: digestOf(manifest) };
}

async function writeFeatures(folder: string, { records }: World, encoder: string) {
  const offsets = [0];
  const things = records.flatMap(({ truth = [] }) => {
    offsets.push(offsets.at(-1)! + truth.length);
    return truth;
  });
  const parameters = { encoder, images: { source: "scenes", seed, count: images, first: 0 } };
  return described(folder, "features", "extract-features", parameters, {}, async (writer) => {
    await writer.table(
      "images.parquet",
      table({
        image: Uint32Array.from(records.keys()),
        id: texts(records.map(({ id }) => id)),
        label: texts(records.map(({ label }) => label ?? null)),
        caption: texts(records.map(({ caption }) => caption ?? null)),
        truth: lists(
          offsets,
          structs({
            kind: texts(things.map(({ kind }) => kind)),
            coverage: Float32Array.from(things, ({ coverage }) => coverage),
          }),
        ),
      }),
    );
    const values = new Float32Array(records.length * dimensions).fill(0.5);
    await writer.table(
      "embeddings.parquet",
      table({ image: Uint32Array.from(records.keys()), embedding: vectors(values, dimensions) }),
    );
    writer.metrics.images = records.length;
  });
}

async function writeSae(folder: string, { kinds, activations }: World, features: Source, auroc: number) {
  const latents = kinds.length + 1;
  const of = (pick: (list: World["activations"][number]) => number) =>
    Float32Array.from({ length: latents }, (_, f) => (activations[f] ? pick(activations[f]) : 0));
  const inputs = { features: source(features) };
  return described(folder, "sae", "train-sae", { latents }, inputs, async (writer) => {
    await writer.tensors("sae.safetensors", dictionaryTensors(latents));
    await writer.table(
      "features.parquet",
      table({
        feature: Uint32Array.from({ length: latents }, (_, f) => f),
        density: of((list) => list.length / images),
        mean: of((list) => list.reduce((sum, { value }) => sum + value, 0) / list.length),
        max: of((list) => list[0]!.value),
        dead: bools(Array.from({ length: latents }, (_, f) => f >= kinds.length)),
      }),
    );
    await writer.table(
      "codes.parquet",
      table({
        image: Uint32Array.of(0),
        code: codes({
          offsets: Uint32Array.of(0, 1),
          features: Uint16Array.of(0),
          values: Float32Array.of(1),
        }),
      }),
    );
    const steps = Array.from({ length: 30 }, (_, i) => i * 10);
    await writer.table(
      "history.parquet",
      table({
        step: Uint32Array.from(steps),
        loss: Float32Array.from(steps, (step) => Math.exp(-step / 100) + 0.1),
        fvu: Float32Array.from(steps, (step) => Math.exp(-step / 80) + 0.15),
        l0: Float32Array.from(steps, (step) => 8 + 20 * Math.exp(-step / 50)),
        dead: Float32Array.from(steps, () => 0.02),
      }),
    );
    const each = (value: (f: number) => number) => Float32Array.from(kinds, (_, f) => value(f));
    await writer.table(
      "truth.parquet",
      table({
        kind: texts(kinds),
        images: Uint32Array.from(kinds, (_, f) => activations[f]!.length),
        feature: Uint32Array.from(kinds.keys()),
        auroc_choice: each(() => auroc),
        auroc: each((f) => auroc - f / 1000),
        dimension: Uint32Array.from(kinds, (_, f) => f % dimensions),
        dimension_auroc: each((f) => 0.6 + f / 1000),
      }),
    );
    Object.assign(writer.metrics, {
      fvu: 0.2,
      r2: 0.8,
      l0: 9.5,
      dead: 1 / latents,
      kinds: kinds.length,
      kindsAbove90: 1,
    });
  });
}

/** Rows of W_dec of unit length, W_enc its transpose, biases 0; the dead feature, which is the last, has none. */
function dictionaryTensors(latents: number) {
  const rows = Array.from({ length: latents }, (_, f) => {
    const row = f === latents - 1 ? new Float32Array(dimensions) : mixed(dimensions, f + 1.1);
    const norm = Math.hypot(...row) || 1;
    return Array.from(row, (value) => value / norm);
  });
  const tensor = (values: number[], ...shape: number[]) => ({
    dtype: "float32" as const,
    shape,
    data: Float32Array.from(values),
  });
  const columns = Array.from({ length: dimensions }, (_, i) => rows.map((row) => row[i]!));
  return {
    W_enc: tensor(columns.flat(), dimensions, latents),
    b_enc: tensor(new Array(latents).fill(0), latents),
    W_dec: tensor(rows.flat(), latents, dimensions),
    b_dec: tensor(new Array(dimensions).fill(0), dimensions),
  };
}

/** A PNG of a single pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

async function writeDecoder(folder: string, sae: Source) {
  const inputs = { sae: source(sae) };
  await described(folder, "decoder", "train-decoder", { seed: 1 }, inputs, async (writer) => {
    await writer.json("live.json", {
      encoder: { height: networkSize, width: networkSize, resize: "cover" },
      dictionary: { active: 6 },
      decoder: { size: networkSize },
    });
    await writer.bytes("encoder.onnx", smallEncoder(dimensions));
    await writer.bytes("decoder.onnx", smallDecoder(dimensions));
  });
}

async function writePictures(folder: string, { kinds }: World, sae: Source) {
  const drawn = [...kinds.keys()].filter((f) => f % 2 === 0);
  const inputs = { sae: source(sae) };
  await described(folder, "pictures", "visualize-features", { seed: 1 }, inputs, async (writer) => {
    await writer.table(
      "pictures.parquet",
      table({
        feature: Uint32Array.from(drawn),
        picture: binaries(drawn.map(() => pixel)),
        method: texts(drawn.map((f) => (f % 4 === 0 ? "ascent" : "decoder"))),
        cosine: Float32Array.from(drawn, (f) => 0.9 - f / 100),
        image_cosine: Float32Array.from(drawn, () => 0.5),
        rank: Uint32Array.from(drawn, (f) => 1 + f / 2),
      }),
    );
    Object.assign(writer.metrics, { pictures: drawn.length, owned5: 0.85, owned1: 0.5, medianCosine: 0.7 });
  });
}

/** Values of the probes of every kind. */
const probed = { size: [1, 0.5, 0.07], number: [1, 2, 3, 4] };

/**
 * Probes of two kinds: of kind f, feature f falls along each probe from 0.4 to nothing and feature f + 1 rises from
 * nothing to 0.4. Pictures are grey, brighter from one to the next.
 */
async function writeProbes(folder: string, { kinds }: World, sae: Source) {
  const rows = [0, 1].flatMap((thing) =>
    Object.entries(probed).flatMap(([probe, values]) =>
      values.map((value, i) => ({ thing, probe, value, share: i / (values.length - 1) })),
    ),
  );
  const pictures = await Promise.all(
    rows.map(({ share }) => {
      const grey = Math.round(40 + 180 * share);
      const create = {
        width: 16,
        height: 16,
        channels: 3 as const,
        background: { r: grey, g: grey, b: grey },
      };
      return sharp({ create }).webp().toBuffer();
    }),
  );
  const active = rows.map(({ thing, share }) =>
    [
      { feature: thing, mean: 0.4 * (1 - share) },
      { feature: thing + 1, mean: 0.4 * share },
    ].filter(({ mean }) => mean > 0),
  );
  const offsets = [0];
  for (const list of active) offsets.push(offsets.at(-1)! + list.length);
  const splits = [0, 1].map((thing) => ({ thing, score: 0.4 - thing / 10 }));
  const inputs = { sae: source(sae) };
  await described(folder, "probes", "probe-features", { seed: 1 }, inputs, async (writer) => {
    await writer.table(
      "probes.parquet",
      table({
        thing: texts(rows.map(({ thing }) => kinds[thing]!)),
        probe: texts(rows.map(({ probe }) => probe)),
        value: Float32Array.from(rows, ({ value }) => value),
        picture: binaries(pictures),
        activations: lists(
          offsets,
          structs({
            feature: Uint32Array.from(active.flat(), ({ feature }) => feature),
            mean: Float32Array.from(active.flat(), ({ mean }) => mean),
            deviation: Float32Array.from(active.flat(), () => 0.02),
          }),
        ),
      }),
    );
    const floats = (value: (split: (typeof splits)[number]) => number) => Float32Array.from(splits, value);
    await writer.table(
      "splits.parquet",
      table({
        thing: texts(splits.map(({ thing }) => kinds[thing]!)),
        probe: texts(splits.map(() => "number")),
        a: Uint32Array.from(splits, ({ thing }) => thing),
        b: Uint32Array.from(splits, ({ thing }) => thing + 1),
        score: floats(({ score }) => score),
        a_value: floats(() => 1),
        a_here: floats(() => 0.4),
        a_there: floats(() => 0),
        b_value: floats(() => 4),
        b_here: floats(() => 0.4),
        b_there: floats(() => 0),
      }),
    );
    Object.assign(writer.metrics, { things: 2, splits: 2, bestSplit: 0.4 });
  });
}

async function writeCoactivation(folder: string, { kinds, activations }: World, sae: Source) {
  const features = kinds.map((_, f) => f);
  const floats = (value: (f: number) => number) => Float32Array.from(features, value);
  const histogram = features.flatMap((f) => {
    const bins = new Array(24).fill(0);
    const max = activations[f]![0]!.value;
    for (const { value } of activations[f]!) bins[Math.min(23, Math.floor((value / max) * 24))]++;
    return bins;
  });
  const inputs = { sae: source(sae) };
  await described(folder, "coactivation", "compute-coactivation", { seed: 1 }, inputs, async (writer) => {
    await writer.table(
      "map.parquet",
      table({
        feature: Uint32Array.from(features),
        x: floats((f) => (f % side) / side),
        y: floats((f) => Math.floor(f / side) / side),
        column: Uint16Array.from(features, (f) => f % side),
        row: Uint16Array.from(features, (f) => Math.floor(f / side)),
        strength: floats((f) => activations[f]!.reduce((sum, { value }) => sum + value, 0) / images),
        density: floats((f) => activations[f]!.length / images),
        count: Uint32Array.from(features, (f) => activations[f]!.length),
        max: floats((f) => activations[f]![0]!.value),
        mean: floats(
          (f) => activations[f]!.reduce((sum, { value }) => sum + value, 0) / activations[f]!.length,
        ),
        histogram: lists(
          Array.from({ length: features.length + 1 }, (_, i) => i * 24),
          Uint32Array.from(histogram),
        ),
        region: Uint16Array.from(features, (f) => (f % side < 5 ? 0 : 1)),
        label: texts(kinds),
        by_words: bools(kinds.map(() => false)),
      }),
    );
    const tops = features.flatMap((f) =>
      activations[f]!.slice(0, topImages).map(({ image, value }, rank) => ({ f, rank, image, value })),
    );
    await writer.table(
      "tops.parquet",
      table({
        feature: Uint32Array.from(tops, ({ f }) => f),
        rank: Uint16Array.from(tops, ({ rank }) => rank),
        image: Uint32Array.from(tops, ({ image }) => image),
        value: Float32Array.from(tops, ({ value }) => value),
      }),
    );
    const pairs = features.flatMap((f) =>
      ["coactivation", "cosine"].flatMap((relation, r) =>
        [1, 2, 3].map((step, rank) => ({
          f,
          relation,
          rank,
          other: (f + step + 3 * r) % features.length,
          score: 0.9 - rank / 10,
        })),
      ),
    );
    await writer.table(
      "neighbours.parquet",
      table({
        feature: Uint32Array.from(pairs, ({ f }) => f),
        relation: texts(pairs.map(({ relation }) => relation)),
        rank: Uint16Array.from(pairs, ({ rank }) => rank),
        other: Uint32Array.from(pairs, ({ other }) => other),
        score: Float32Array.from(pairs, ({ score }) => score),
        count: Uint32Array.from(pairs, () => 4),
      }),
    );
    await writer.table(
      "regions.parquet",
      table({
        region: Uint16Array.of(0, 1),
        label: texts(["west", "east"]),
        x: Float32Array.of(0.25, 0.75),
        y: Float32Array.of(0.5, 0.5),
        features: Uint32Array.of(1, 1),
      }),
    );
    Object.assign(writer.metrics, { living: features.length, trustworthiness: 0.95, gridKept: 0.8 });
  });
}
