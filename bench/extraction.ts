/** Embedding images from their source on, against the encoder alone on inputs that lie ready. */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Encoder, openEncoder } from "@optogram/encoders";
import { embedBatch, prepareBatches } from "@optogram/extract-features";
import type { ImageSourceSpec } from "@optogram/images";
import { writeModel } from "@optogram/onnx";
import { composeScene, rasterScene } from "@optogram/scenes";
import { seededRandom } from "@optogram/statistics";
import sharp from "sharp";
import { say, sayTimes } from "./report.ts";
import { inTurn, ratio, timed } from "./timing.ts";
import { smallVision } from "./vision.ts";

const batch = 16;
const aim = 0.9;
const threads = { count: availableParallelism(), beside: false };

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "optogram-bench-"));
  try {
    // The threads that read start in a third of a second: of 512 photos that was a fiftieth.
    const photos = 2048;
    await writeEncoder(join(folder, "vit-small"));
    await writePhotos(join(folder, "photos"), photos);
    await compare(
      "JPEG photos of 500 × 375 through a ViT-S/16 at 224 px",
      join(folder, "vit-small"),
      photos,
      {
        source: "folder",
        path: join(folder, "photos"),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  say("");
  const tiny = fileURLToPath(new URL("../models/tiny-siglip", import.meta.url));
  if (!existsSync(tiny)) return say("no models/tiny-siglip: scenes are left out");
  const count = 1536;
  await compare("scenes at 64 px through tiny-siglip", tiny, count, {
    source: "scenes",
    seed: 1,
    count,
    first: 0,
  });
}

async function compare(what: string, model: string, total: number, images: ImageSourceSpec): Promise<void> {
  const encoder = await openEncoder(model, { batch });
  const setting = { images, preprocessing: encoder.card.input.preprocessing };
  const range = { from: 0, batch, total };
  const ready: Float32Array[] = [];
  for await (const { pixels } of prepareBatches(setting, range, threads)) ready.push(pixels);
  const times = await inTurn(
    {
      whole: () => timed(() => extract(encoder, setting, range)),
      alone: () =>
        timed(async () => {
          for (const pixels of ready) await encoder.embed(pixels, batch);
        }),
    },
    { warmUp: 1, rounds: 5, seconds: 25 },
  );
  await encoder.close();
  say(`${total} ${what}, batches of ${batch}:`);
  sayTimes("end to end", times.whole, rate(total, times.whole));
  sayTimes("inference alone", times.alone, rate(total, times.alone));
  const reached = ratio(times.alone, times.whole);
  const met = reached >= aim ? "met" : "missed";
  say(
    `end to end runs at ${reached.toFixed(2)} of the rate of inference alone   (aim: at least ${aim}: ${met})`,
  );
}

/** From the start of the threads that read images to the last embedding. */
async function extract(
  encoder: Encoder,
  setting: Parameters<typeof prepareBatches>[0],
  range: Parameters<typeof prepareBatches>[1],
): Promise<void> {
  for await (const prepared of prepareBatches(setting, range, threads))
    await embedBatch(prepared, (pixels, n) => encoder.embed(pixels, n));
}

function rate(images: number, times: readonly number[]): string {
  return `${(images / Math.min(...times)).toFixed(0)} images/s at best`;
}

async function writeEncoder(folder: string): Promise<void> {
  const { graph, pooled } = smallVision(batch, 224);
  graph.output("embedding", pooled);
  await mkdir(folder);
  await writeModel(join(folder, "model.onnx"), graph.model("vit-small"));
  const card = {
    name: "vit-small",
    title: "ViT-S/16 with random weights",
    file: "model.onnx",
    input: {
      preprocessing: { size: 224, cropFraction: 0.875, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    },
    outputs: { embedding: { tensor: "embedding" } },
  };
  await writeFile(join(folder, "card.json"), JSON.stringify(card));
}

/** Scenes with the noise of a camera, for a smooth drawing would be decoded faster than a photo. */
async function writePhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  const random = seededRandom(0);
  const size = 500;
  for (let i = 0; i < count; i++) {
    const data = await rasterScene(composeScene(0, i), size);
    for (let p = 0; p < data.length; p++)
      data[p] = Math.max(0, Math.min(255, data[p] + ((random.bits() & 31) - 16)));
    await sharp(data, { raw: { width: size, height: size, channels: 3 } })
      .extract({ left: 0, top: 60, width: size, height: 375 })
      .jpeg({ quality: 90 })
      .toFile(join(folder, `${String(i).padStart(3, "0")}.jpg`));
  }
}
