/** The stage spread-images: embeddings in, pictures that the encoder says are the same as an image out. */

import { writeArtifact } from "@optogram/artifacts";
import { type Stage, UserError } from "@optogram/cli";
import { readStudy, type Study } from "@optogram/dictionary/study";
import { inputSize } from "@optogram/images";
import type { Device } from "@optogram/onnx";
import { openJudge, type PhotoReader, painterOf, photoReader } from "@optogram/painting";
import { stacked } from "@optogram/statistics";
import { imageSample, searchPictures } from "@optogram/studio";
import { z } from "zod";
import { chooseRows, nearRows } from "./choose.ts";
import { differences } from "./differences.ts";
import { measureSpread } from "./measure.ts";
import { differencesTable, generationsTable, originalsTable, spreadFigures } from "./tables.ts";

const parameters = z.strictObject({
  count: z.int().min(1).default(3).describe("Images that are chosen, where none are named."),
  chosen: z
    .array(z.int().min(0))
    .default([])
    .describe("Images by their position in the set; without them they are chosen evenly spaced."),
  generations: z.int().min(1).default(4).describe("Pictures of each, from different beginnings."),
  steps: z.int().min(1).default(96).describe("Steps of an ascent."),
  views: z.int().min(1).default(4).describe("Augmented views of a picture a step."),
  variation: z.number().min(0).default(1).describe("Weight of total variation in an ascent."),
  seed: z.int().min(0).default(1).describe("Seed of the choice and the views."),
});

/** The largest side of a picture in pixels. */
const largest = 128;

export const stage: Stage<z.infer<typeof parameters>> = {
  kind: "spread-images",
  writes: "spread",
  summary:
    "Draw several pictures that the encoder takes for the same as an image, and measure how they differ.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings, which say where their images are" },
    sae: { kind: "sae", describe: "the dictionary, beside which the atlas shows the pictures" },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs, output, description, parameters: settings, progress, signal, device } = context;
    const study = await readStudy(inputs.features[0], inputs.sae[0], { progress, signal });
    const { preprocessing } = study.encoder.card.input;
    const size = Math.min(largest, ...inputSize(preprocessing));
    const photo = photoReader(study.source, preprocessing, size);
    const begun = await beginnings(study, photo, settings);
    const { seeds, directions, starts } = begun;
    const { steps, views, variation } = settings;
    const generations = await searchPictures(context, study.encoder, {
      name: "search for pictures",
      painter: painterOf("fourier", { size, images: await imageSample(study, photo) }),
      start: starts,
      ...{ size, directions, seeds, steps, views, variation },
    });
    const phase = progress.phase("judge the pictures");
    const judge = await openJudge(study.encoder, {
      ...{ size, batch: 32, device: device as Device, signal },
      looked: (views) => phase.advance(views),
    });
    const originals = await measureSpread(judge, { ...begun, size, generations }).finally(() =>
      judge.close(),
    );
    phase.done();
    await writeArtifact(output, description, async (writer) => {
      await writer.table("originals.parquet", await originalsTable(originals, size), { compression: "none" });
      await writer.table("generations.parquet", await generationsTable(originals, size), {
        compression: "none",
      });
      await writer.table("differences.parquet", differencesTable(differences(originals, settings.seed)));
      Object.assign(writer.metrics, spreadFigures(originals));
    });
  },
};

/** The images, and for each generation of one an image near to it that the search begins with. */
async function beginnings(
  { images, embeddings }: Study,
  photo: PhotoReader,
  { count, chosen, generations, seed }: z.infer<typeof parameters>,
) {
  const rows =
    chosen.length > 0 ? chosen.map((image) => rowOf(images, image)) : chooseRows(images.length, count, seed);
  if (images.length <= generations)
    throw new UserError(`${images.length} images are too few for ${generations} beginnings`, {
      advice: "lower the parameter generations, or take more images",
    });
  const { values, width } = embeddings;
  const embeddingOf = (row: number) => values.subarray(row * width, (row + 1) * width);
  const near = rows.flatMap((row) => nearRows(embeddings, row, generations).map((other) => ({ row, other })));
  const photos = async (of: readonly number[]) =>
    stacked(await Promise.all(of.map((row) => photo(images[row]))));
  return {
    images: rows.map((row) => images[row]),
    originals: await photos(rows),
    embeddings: stacked(rows.map(embeddingOf)),
    directions: stacked(near.map(({ row }) => embeddingOf(row))),
    beginnings: near.map(({ other }) => images[other]),
    starts: await photos(near.map(({ other }) => other)),
    seeds: near.map((_, i) => seed * 1_000_003 + i),
  };
}

function rowOf(images: Uint32Array, image: number): number {
  const row = images.indexOf(image);
  if (row < 0)
    throw new UserError(`image ${image} is not among those that the encoder saw`, {
      advice: "name others with the parameter chosen",
    });
  return row;
}
