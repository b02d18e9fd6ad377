/** The stage evaluate-encoders: reconstructors and images that none has seen in, scores, tests, a ranking and its figures out. */

import { type Stage, type StageContext, UserError } from "@optogram/cli";
import {
  imageKeys,
  imageSourceSchema,
  openImages,
  type Picture,
  spacedPositions,
  ssimWindow,
} from "@optogram/images";
import { seenKeys } from "@optogram/reconstruction";
import { z } from "zod";
import { type Evaluation, measuresOf } from "./evaluation.ts";
import { checkPairs } from "./families.ts";
import { framesOf, readable } from "./frames.ts";
import { type OpenJudge, openJudge } from "./judges.ts";
import { MeanPicture } from "./mean-picture.ts";
import { paintAll } from "./paint.ts";
import {
  constantPainter,
  idOf,
  pixelsPainter,
  type ReconstructorFacts,
  readFacts,
  reconstructorPainter,
} from "./painters.ts";
import { checkUnseen } from "./unseen.ts";
import { writeEvaluation } from "./write.ts";

const parameters = z.strictObject({
  images: imageSourceSchema.describe("Images that no reconstructor saw."),
  judges: z
    .array(z.string().min(1))
    .min(1)
    .describe("Encoders whose embeddings say how like two pictures are; the first decides ranks."),
  count: z.int().min(2).default(256).describe("Images, evenly spaced over the set; all where it has fewer."),
  grey: z
    .boolean()
    .default(false)
    .describe("Compare pictures without their colours, as the paper's released code does."),
  pairs: z
    .array(z.strictObject({ a: z.string().min(1), b: z.string().min(1) }))
    .default([])
    .describe("Two families in pairs: names of encoders, with @LAYER where it is not the last."),
  seed: z.int().min(0).default(1).describe("Seed of shuffled tokens and of bootstrap intervals."),
  batch: z.int().min(1).max(1024).default(16).describe("Images that an encoder takes at a time."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

export const stage: Stage<Parameters> = {
  kind: "evaluate-encoders",
  writes: "evaluation",
  summary: "Rank encoders by how much of an image their tokens keep: scores, tests, tables, figures.",
  scope: "pipeline",
  parameters,
  inputs: {
    reconstructors: {
      kind: "reconstructor",
      describe: "what paints each encoder's tokens, several of an encoder at several layers",
      many: true,
    },
  },
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { inputs, parameters: given } = context;
    const reconstructors = await Promise.all(inputs.reconstructors.map(readFacts));
    checkReconstructors(reconstructors);
    checkPairs(
      reconstructors.map((one) => ({ id: idOf(one) })),
      given.pairs,
    );
    const positions = await chooseImages(context, reconstructors);
    const compared = new Set(reconstructors.map(({ about }) => about.card));
    const { device, progress, signal } = context;
    const options = { device, batch: given.batch, progress, signal };
    const judges: OpenJudge[] = [];
    try {
      for (const name of given.judges) judges.push(await openJudge(name, compared, options));
      checkJudges(judges, context);
      await evaluate(context, reconstructors, judges, positions);
    } finally {
      await Promise.all(judges.map((judge) => judge.close()));
    }
  },
};

function checkReconstructors(reconstructors: readonly ReconstructorFacts[]): void {
  const ids = reconstructors.map(idOf);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined)
    throw new UserError(`two reconstructors paint ${twice}`, {
      advice: "give one of each encoder and layer; encoders need names of their own on their cards",
    });
}

function checkJudges(judges: readonly OpenJudge[], { progress }: Context): void {
  const names = judges.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UserError(`"judges" names ${twice} twice`, { advice: "name it once" });
  if (judges.every(({ compared }) => compared))
    progress.note("every judge is one of the encoders under comparison; name one of no compared family");
}

async function chooseImages(
  { parameters: { images, count }, progress, signal }: Context,
  reconstructors: readonly ReconstructorFacts[],
): Promise<number[]> {
  const keys = await imageKeys(images, { progress, signal });
  const positions = spacedPositions(keys.length, count);
  for (const one of reconstructors) checkUnseen(keys, positions, idOf(one), await seenKeys(one.about.images));
  return positions;
}

async function evaluate(
  context: Context,
  reconstructors: readonly ReconstructorFacts[],
  judges: readonly OpenJudge[],
  positions: readonly number[],
): Promise<void> {
  const { parameters: given, progress, signal } = context;
  const source = await openImages(given.images);
  const side = Math.max(...reconstructors.flatMap(({ about }) => [...about.size, ...about.input]));
  if (side < ssimWindow)
    throw new UserError(`no encoder sees or paints more than ${side} pixels: too few to judge`, {
      advice: `structural similarity takes ${ssimWindow} or more`,
    });
  const frames = framesOf(source, side, positions.length);
  const mean = new MeanPicture(side);
  const look = async (frame: Picture) => {
    signal.throwIfAborted();
    mean.add(frame);
  };
  const images = await readable(frames, positions, look, progress.note);
  if (images.length < 2)
    throw new UserError(`${images.length} images are too few to compare encoders on`, {
      advice: "name a larger set, or a higher count",
    });
  const options = { device: context.device, batch: given.batch, seed: given.seed };
  const sizes = new Map(reconstructors.map(({ about: { size } }) => [size.join(" "), size]));
  const painters = [
    ...reconstructors.map((one) => reconstructorPainter(one, options)),
    constantPainter("mean image", mean.picture()),
    ...Array.from(sizes.values(), pixelsPainter),
  ];
  const painted = await paintAll(context, { painters, judges, frames, images });
  const evaluation: Evaluation = {
    ...{ images, measures: measuresOf(judges), entries: painted.map(({ entry }) => entry) },
    values: Float32Array.from(painted.flatMap(({ scores }) => Array.from(scores))),
  };
  await writeEvaluation(context, { evaluation, painted, judges, frames, source });
}
