/** The stage combine-features: a dictionary, its map and a decoder in, pictures of chosen pairs of features out. */

import { readArtifact, writeArtifact } from "@optogram/artifacts";
import { type Stage, UserError } from "@optogram/cli";
import { readStudy, type Study } from "@optogram/dictionary/study";
import type { Device } from "@optogram/onnx";
import { openJudge, painterOf, photoReader } from "@optogram/painting";
import { stacked } from "@optogram/statistics";
import { imageSample, readDecoder, searchPictures } from "@optogram/studio";
import { z } from "zod";
import { readKnown } from "./inputs.ts";
import { measurePictures } from "./measure.ts";
import { choosePairs, type Pair } from "./pairs.ts";
import { type Directions, directionsOf, planSearch } from "./plan.ts";
import { pairFigures, pairsTable, picturesTable } from "./tables.ts";

const parameters = z.strictObject({
  count: z.int().min(1).default(4).describe("Pairs that are chosen, where none are named."),
  pairs: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .default([])
    .describe("Pairs of features by number, such as [[12, 33]]; without them pairs are chosen."),
  steps: z.int().min(1).default(96).describe("Steps of an ascent."),
  views: z.int().min(1).default(4).describe("Augmented views of a picture a step."),
  variation: z.number().min(0).default(1).describe("Weight of total variation in an ascent."),
  seed: z.int().min(0).default(1).describe("Seed of the views."),
});

export const stage: Stage<z.infer<typeof parameters>> = {
  kind: "combine-features",
  writes: "combinations",
  summary: "Draw what lies between two features, and what each has beyond the other, for chosen pairs.",
  scope: "encoder",
  parameters,
  inputs: {
    features: { kind: "features", describe: "the embeddings that the dictionary was trained on" },
    sae: { kind: "sae", describe: "the dictionary" },
    decoder: { kind: "decoder", describe: "what paints the pictures that the searches begin with" },
    coactivation: { kind: "coactivation", describe: "what features answer to, and which fire together" },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs, output, description, parameters: settings, progress, signal, device } = context;
    const study = await readStudy(inputs.features[0], inputs.sae[0], { progress, signal });
    const known = await readKnown(await readArtifact(inputs.coactivation[0], "coactivation"));
    const pairs: Pair[] =
      settings.pairs.length > 0
        ? settings.pairs.map(([a, b]) => ({ a, b, why: "named" }))
        : choosePairs(known.candidates, known.meetings, settings.count);
    if (pairs.length === 0)
      throw new UserError("there are no two features of different kinds to combine", {
        advice: "name some with the parameter pairs",
      });
    const directions = pairs.map((pair) => directionsOrFail(study, pair));
    const decoder = await readDecoder(inputs.decoder[0], inputs.sae[0]);
    const { size } = decoder;
    const sought = await planSearch(directions, size, (rows) => decoder.paint(rows)).finally(() =>
      decoder.close(),
    );
    const photo = photoReader(study.source, study.encoder.card.input.preprocessing, size);
    const seeds = sought.map((_, i) => settings.seed * 1_000_003 + i);
    const { steps, views, variation } = settings;
    const pictures = await searchPictures(context, study.encoder, {
      name: "search for pictures",
      painter: painterOf("fourier", { size, images: await imageSample(study, photo) }),
      directions: stacked(sought.map(({ direction }) => direction)),
      start: stacked(sought.map(({ start }) => start)),
      ...{ size, seeds, steps, views, variation },
    });
    const phase = progress.phase("judge the pictures");
    const judge = await openJudge(study.encoder, {
      ...{ size, batch: 32, device: device as Device, signal },
      looked: (views) => phase.advance(views),
    });
    const measured = await measurePictures(judge, study.dictionary, pairs, sought, pictures, seeds).finally(
      () => judge.close(),
    );
    phase.done();
    await writeArtifact(output, description, async (writer) => {
      await writer.table("pairs.parquet", pairsTable(pairs, directions, known.kinds, known.meetings));
      await writer.table("pictures.parquet", await picturesTable(measured, size), { compression: "none" });
      Object.assign(writer.metrics, pairFigures(pairs, measured));
    });
  },
};

function directionsOrFail({ dictionary }: Study, { a, b }: Pair): Directions {
  const directions = a !== b && directionsOf(dictionary, a, b);
  if (!directions)
    throw new UserError(`features ${a} and ${b} are no pair: both must be in the dictionary, and differ`, {
      advice: "name others with the parameter pairs",
    });
  return directions;
}
