/**
 * Ways to hold a picture while it is searched for, at the same cost, on the demo's dictionary: its artifacts have to be
 * there. Also writes the pictures, a row a way, to data/painters.webp.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArtifact } from "@optogram/artifacts";
import { activations, directionOf, rankOf } from "@optogram/dictionary";
import { readStudy } from "@optogram/dictionary/study";
import {
  freshCosines,
  interleaved,
  mildViews,
  openAscent,
  openDecoder,
  openJudge,
  painterNames,
  painterOf,
  photoReader,
  plainViews,
  type ViewRanges,
} from "@optogram/painting";
import sharp from "sharp";
import { say } from "./report.ts";
import { timed } from "./timing.ts";

const data = fileURLToPath(new URL("../data/", import.meta.url));
const demo = join(data, "demo/tiny-siglip");
const count = 16;
const size = 64;
const plane = size * size;
const budget = 64;

interface Way {
  readonly painter: (typeof painterNames)[number];
  /** Whether the search starts from the decoder's picture. */
  readonly traced: boolean;
  readonly variation: number;
  readonly ranges: ViewRanges;
  readonly views: number;
  /** Steps; steps · views is the cost, the same for all but the stage's own default. */
  readonly steps: number;
}

const usual = { traced: false, variation: 0.1, ranges: mildViews, views: 2, steps: budget };
const plain = { ranges: plainViews, views: 1, steps: 2 * budget };

const ways: readonly (readonly [string, Way])[] = [
  ...painterNames.map((painter) => [`${painter}, from noise`, { ...usual, painter }] as const),
  ["pixels, from noise, no variation", { ...usual, painter: "pixels", variation: 0 }],
  ["pixels, from noise, not augmented", { ...usual, ...plain, painter: "pixels" }],
  ["convolution, from noise, variation 1", { ...usual, painter: "convolution", variation: 1 }],
  ["pixels, from the decoder, variation 1", { ...usual, painter: "pixels", traced: true, variation: 1 }],
  ["phase, from the decoder, variation 1", { ...usual, painter: "phase", traced: true, variation: 1 }],
  ["fourier, from the decoder", { ...usual, painter: "fourier", traced: true }],
  ["fourier, from the decoder, variation 1", { ...usual, painter: "fourier", traced: true, variation: 1 }],
  [
    "the same, 24 steps of one view",
    { ...usual, painter: "fourier", traced: true, variation: 1, views: 1, steps: 24 },
  ],
];

export async function run(): Promise<void> {
  if (!existsSync(join(demo, "decoder")))
    return say("the demo's artifacts are missing: npm start -- --no-serve");
  const { encoder, source, images, dictionary, living } = await readStudy(
    join(demo, "features"),
    join(demo, "sae"),
  );
  const photo = photoReader(source, encoder.card.input.preprocessing, size);
  const sample = new Float32Array(256 * 3 * plane);
  for (let i = 0; i < 256; i++) sample.set(await photo(images[20 * i]), i * 3 * plane);
  // Evenly spaced: strong and weak.
  const features = Array.from(
    { length: count },
    (_, i) => living[Math.floor(((i + 0.5) * living.length) / count)],
  );
  const d = dictionary.dimensions;
  const directions = new Float32Array(count * d);
  for (const [i, feature] of features.entries())
    directions.set(directionOf(dictionary, feature) as Float32Array, i * d);
  const decoder = await openDecoder(
    await (await readArtifact(join(demo, "decoder"), "decoder")).bytes("decoder.onnx"),
  );
  const start = await decoder.paint(directions);
  await decoder.close();
  const judge = await openJudge(encoder, { size, batch: 32 });
  const rows: Float32Array[] = [start];
  const assess = async (name: string, pictures: Float32Array, seconds?: number) => {
    const cosines = await freshCosines(judge, pictures, directions, {
      ranges: mildViews,
      views: 16,
      seeds: features,
      stream: 2 ** 42,
    });
    const all = activations(dictionary, await judge.embed(pictures));
    const m = dictionary.latents;
    const first = features.filter((f, i) => rankOf(all.subarray(i * m, (i + 1) * m), f) === 1).length;
    const mean = cosines.reduce((a, b) => a + b) / count;
    const time = seconds === undefined ? "" : `${seconds.toFixed(0)} s`;
    say(
      `${name.padEnd(40)} cosine ${mean.toFixed(3)}   own feature the strongest ${first}/${count}   ${time}`,
    );
  };
  await assess("the decoder's own", start);
  for (const [name, way] of ways) {
    const ascent = await openAscent(encoder, {
      ...way,
      painter: painterOf(way.painter, { size, images: sample }),
      count,
      size,
    });
    const seeds = features.map((_, i) => 1 + i);
    let pictures = new Float32Array();
    const seconds = await timed(async () => {
      const painted = await ascent.paint({ directions, seeds, ...(way.traced && { start }) });
      pictures = painted.pictures as Float32Array<ArrayBuffer>;
    });
    await ascent.close();
    rows.push(pictures);
    await assess(name, pictures, seconds);
  }
  await judge.close();
  await writeSheet(rows);
}

async function writeSheet(rows: readonly Float32Array[]): Promise<void> {
  const tiles = rows.flatMap((row, y) =>
    Array.from({ length: count }, (_, x) => ({
      input: Buffer.from(interleaved(row.subarray(x * 3 * plane, (x + 1) * 3 * plane))),
      raw: { width: size, height: size, channels: 3 as const },
      left: x * (size + 2),
      top: y * (size + 2),
    })),
  );
  const [width, height] = [count * (size + 2) - 2, rows.length * (size + 2) - 2];
  await sharp({ create: { width, height, channels: 3, background: "#111" } })
    .composite(tiles)
    .webp({ quality: 90 })
    .toFile(join(data, "painters.webp"));
}
