/** The stage fit-operators: a reconstructor and images in, operators on tokens and what they do to pictures out. */

import { openCheckpoint, type Tensor, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import {
  type ImageSource,
  imageKeys,
  imageSourceSchema,
  openImages,
  ssimWindow,
  wantedSide,
} from "@optogram/images";
import { openReconstructor, type Reconstructor, seenKeys } from "@optogram/reconstruction";
import sharp from "sharp";
import { z } from "zod";
import { openTokenMap } from "./apply.ts";
import { type Change, changes, ownChange, ownChangeSchema } from "./changes.ts";
import { judgeOperators, type Shown } from "./judge.ts";
import { fitOperators } from "./operators.ts";
import { pairReader } from "./pairs.ts";
import { openProductSum, type ProductSum, type TokenProducts } from "./products.ts";
import { changeSheet, channelRows, type Sheet, sheetOf } from "./sheets.ts";
import { characterOf } from "./spectrum.ts";
import { splitImages } from "./split.ts";
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

/** Batches of images between checkpoints. */
const batchesSaved = 16;

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
    const { fit, judge } = splitImages(
      await imageKeys(settings.images),
      await seenKeys(reconstructor.images),
      {
        fit: settings.fitImages,
        judge: settings.judgeImages,
      },
    );
    const source = await openImages(settings.images);
    const products = await fitPairs(context, reconstructor, chosen, fit, source);
    const { width: d, grid, size } = reconstructor;
    const shown = await Promise.all(judge.map((position) => show(reconstructor, source, position)));
    const phase = progress.phase("judge operators", chosen.length);
    const { columns } = settings;
    await writeArtifact(context.output, context.description, async (writer) => {
      const findings: Finding[] = [];
      const channels: Float32Array[][] = [];
      for (const [i, change] of chosen.entries()) {
        signal.throwIfAborted();
        const operators = fitOperators(products[i], d, settings.ridge);
        const judged = await judgeOperators(reconstructor, map, shown, change, operators);
        await writer.bytes(`sheet-${change.name}.webp`, await webp(changeSheet(judged, columns, size)));
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
      await writer.bytes("channels.webp", await webp(sheetOf(channels, size)));
      await writer.table("operators.parquet", operatorsTable(findings, settings.epsilon));
      await writer.table("eigenvalues.parquet", eigenvaluesTable(findings));
      await writer.table("scores.parquet", scoresTable(findings, judge));
      await writer.table("distances.parquet", distancesTable(findings, judge));
      Object.assign(writer.metrics, { images: judge.length, deltaE: figures(findings) });
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

async function show(reconstructor: Reconstructor, source: ImageSource, position: number): Promise<Shown> {
  const picture = await source.read(position, wantedSide(reconstructor.encoder.card.input.preprocessing));
  return { seen: reconstructor.see(picture), target: reconstructor.target(picture) };
}

/** The cross products of each change's token pairs over the images at `positions`. */
async function fitPairs(
  { parameters: { batch }, scratch, description, progress, signal }: Context,
  reconstructor: Reconstructor,
  chosen: readonly Change[],
  positions: readonly number[],
  source: ImageSource,
): Promise<TokenProducts[]> {
  const store = openCheckpoint(scratch, description, "products");
  const saved = await store.load();
  const started = sumsSchema.safeParse(saved?.state);
  const start = saved && started.success ? { ...saved, sums: started.data } : undefined;
  const sums = await Promise.all(
    chosen.map((_, i) =>
      openProductSum(
        reconstructor.width,
        start && {
          xx: start.tensors[`${i}.xx`].data as Float64Array,
          xy: start.tensors[`${i}.xy`].data as Float64Array,
          ...start.sums[i],
        },
      ),
    ),
  );
  const phase = progress.phase("read token pairs", positions.length, start?.step ?? 0);
  try {
    for (let at = start?.step ?? 0; at < positions.length; at += batch) {
      signal.throwIfAborted();
      if (at > 0 && at % (batchesSaved * batch) === 0 && at !== start?.step)
        await save(store, at, await productsOf(sums));
      const part = positions.slice(at, at + batch);
      const shown = await Promise.all(part.map((position) => show(reconstructor, source, position)));
      const pairOf = pairReader(
        reconstructor,
        shown.map(({ seen }) => seen),
      );
      for (const [i, change] of chosen.entries()) {
        const { x, y } = await pairOf(change);
        await sums[i].add(x, y);
      }
      phase.advance(part.length);
    }
    phase.done();
    return await productsOf(sums);
  } finally {
    await Promise.all(sums.map((sum) => sum.close()));
  }
}

const sumsSchema = z.array(z.object({ yy: z.number(), tokens: z.int() }));

function productsOf(sums: readonly ProductSum[]): Promise<TokenProducts[]> {
  return Promise.all(sums.map((sum) => sum.products()));
}

async function save(
  store: ReturnType<typeof openCheckpoint>,
  step: number,
  products: readonly TokenProducts[],
): Promise<void> {
  const tensor = (data: Float64Array): Tensor => ({ dtype: "float64", shape: [data.length], data });
  const tensors = Object.fromEntries(
    products.flatMap(({ xx, xy }, i) => [
      [`${i}.xx`, tensor(xx)],
      [`${i}.xy`, tensor(xy)],
    ]),
  );
  await store.save(
    step,
    tensors,
    products.map(({ yy, tokens }) => ({ yy, tokens })),
  );
}

function webp({ width, height, data }: Sheet): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality: 90, effort: 2 })
    .toBuffer();
}
