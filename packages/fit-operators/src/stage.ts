/** The stage fit-operators: a reconstructor and images in, operators on tokens and what they do to pictures out. */

import { writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { imageKeys, imageSourceSchema, openImages, ssimWindow, webpOf } from "@optogram/images";
import { openReconstructor, type Reconstructor, seenKeys } from "@optogram/reconstruction";
import { z } from "zod";
import { openTokenMap } from "./apply.ts";
import { type Change, changes, ownChange, ownChangeSchema } from "./changes.ts";
import { judgeOperators } from "./judge.ts";
import { fitOperators } from "./operators.ts";
import { changeSheet, channelRows, describeSheets, pictureSheet } from "./sheets.ts";
import { characterOf } from "./spectrum.ts";
import { splitImages } from "./split.ts";
import { showReadable, sumPairs } from "./sum-pairs.ts";
import {
  distancesTable,
  eigenvaluesTable,
  type Finding,
  figures,
  operatorsTable,
  scoresTable,
} from "./tables.ts";

const names = changes.map(({ name }) => name);

const parameters = z.strictObject({
  images: imageSourceSchema.describe("Images that the reconstructor did not see."),
  fitImages: z.int().min(1).default(1024).describe("Images that operators are fitted on."),
  judgeImages: z.int().min(1).default(64).describe("Other images, that they are judged on."),
  changes: z.array(z.enum(names)).default(names).describe("Changes of the pictures."),
  own: z
    .array(ownChangeSchema)
    .default([])
    .describe("Changes of your own: a name and a matrix of colours each."),
  ridge: z
    .number()
    .min(0)
    .default(0)
    .describe("Weight on the size of the least-squares map, in shares of the tokens' mean variance."),
  epsilon: z
    .number()
    .min(0)
    .default(0.1)
    .describe("How near to its predicted place an eigenvalue counts as being there."),
  columns: z.int().min(1).default(8).describe("Images on a sheet, and channels."),
  batch: z.int().min(1).max(1024).default(16).describe("Images that the encoder takes at a time."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

export const stage: Stage<Parameters> = {
  kind: "fit-operators",
  writes: "operators",
  summary: "Fit maps of tokens that do what a change of colours does in pixels, and judge what they paint.",
  scope: "encoder",
  parameters,
  inputs: {
    reconstructor: { kind: "reconstructor", describe: "the network that paints the encoder's tokens" },
  },
  packages: ["onnxruntime-node", "sharp"],
  run,
};

async function run(context: Context): Promise<void> {
  const { inputs, parameters: settings, device, progress, signal } = context;
  const chosen = chooseChanges(settings);
  const reconstructor = await openReconstructor(inputs.reconstructor[0], { device, batch: settings.batch });
  const map = await openTokenMap(reconstructor.width);
  try {
    checkSize(reconstructor);
    const split = splitImages(
      await imageKeys(settings.images, { progress, signal }),
      await seenKeys(reconstructor.images),
      {
        fit: settings.fitImages,
        judge: settings.judgeImages,
      },
    );
    const source = await openImages(settings.images, { progress, signal });
    const products = await sumPairs(context, reconstructor, chosen, split.fit, source);
    const { width: d, grid, size } = reconstructor;
    const shown = await showReadable(reconstructor, source, split.judge, progress.note);
    if (shown.length === 0)
      throw new UserError(`none of ${split.judge.length} images to judge on can be read`, {
        advice: "repair them, or name another set",
      });
    const judge = shown.map(({ position }) => position);
    const phase = progress.phase("judge operators", chosen.length);
    const { columns } = settings;
    await writeArtifact(context.output, context.description, async (writer) => {
      const findings: Finding[] = [];
      const channels: Float32Array[][] = [];
      for (const [i, change] of chosen.entries()) {
        signal.throwIfAborted();
        const operators = fitOperators(products[i], d, settings.ridge);
        const judged = await judgeOperators(reconstructor, map, shown, change, operators);
        await writer.bytes(`sheet-${change.name}.webp`, await webpOf(changeSheet(judged, columns, size)));
        channels.push(...channelRows(judged, { channels: columns, width: d, grid, size }));
        const described = operators.map((operator) => ({ ...operator, ...characterOf(operator.map, d) }));
        const kept = judged.operators.map(({ name, error, scores }) => ({ name, error, scores }));
        findings.push({
          change,
          operators: described,
          judged: { distances: judged.distances, operators: kept },
        });
        phase.advance(1, change.name);
      }
      await writer.bytes("channels.webp", await webpOf(pictureSheet(channels, size)));
      await writer.table("operators.parquet", operatorsTable(findings, settings.epsilon));
      await writer.table("eigenvalues.parquet", eigenvaluesTable(findings));
      await writer.table("scores.parquet", scoresTable(findings, judge));
      await writer.table("distances.parquet", distancesTable(findings, judge));
      const { encoder, about } = reconstructor;
      const named = { encoder: encoder.card.name, layer: String(about.layer), images: judge.length };
      const operators = findings[0].operators.map(({ name }) => name);
      await writer.json("operators.json", {
        ...named,
        changes: chosen.map(({ name }) => name),
        operators,
        ...describeSheets(
          chosen.map(({ name }) => name),
          operators,
          { images: Math.min(columns, judge.length), channels: Math.min(columns, d), size },
        ),
      });
      Object.assign(writer.metrics, { ...named, deltaE: figures(findings) });
    });
    phase.done();
  } finally {
    await Promise.all([reconstructor.close(), map.close()]);
  }
}

function chooseChanges({ changes: wanted, own }: Parameters): Change[] {
  const chosen = [...changes.filter(({ name }) => wanted.includes(name)), ...own.map(ownChange)];
  const twice = chosen.find(({ name }, i) => chosen.findIndex((other) => other.name === name) < i);
  if (twice)
    throw new UserError(`two changes are called ${twice.name}`, {
      advice: "give your own change another name",
    });
  if (chosen.length === 0)
    throw new UserError("there is no change to fit operators to", {
      advice: `name some of ${names.join(", ")}`,
    });
  return chosen;
}

/** Structural similarity looks through a window. */
function checkSize({ size }: Reconstructor): void {
  if (Math.min(...size) < ssimWindow)
    throw new UserError(`the reconstructor paints ${size.join(" × ")} pixels: too few to judge`, {
      advice: `train one that paints ${ssimWindow} or more`,
    });
}
