/** The stage analyze-feature-maps: images and an encoder in, what its feature maps hold out. */

import { type ArtifactWriter, writeArtifact } from "@optogram/artifacts";
import { type Stage, type StageContext, UserError } from "@optogram/cli";
import { type Encoder, EncoderError, type EncoderParts, openEncoder, readEncoder } from "@optogram/encoders";
import {
  type ImageSource,
  imageSourceSchema,
  inputSize,
  openImages,
  spacedPositions,
  webpOf,
} from "@optogram/images";
import type { Device, Tensor } from "@optogram/onnx";
import { z } from "zod";
import { aboutOf, isControl, shownImages } from "./about.ts";
import { analyse, type LayerFindings, overlapsOf } from "./findings.ts";
import { chooseLayers } from "./layers.ts";
import { layerSheet, shownPicture } from "./sheets.ts";
import { type Study, shapesOf } from "./study.ts";
import {
  answersTable,
  curvesTable,
  histogramsTable,
  mapsTable,
  overlapsTable,
  statisticsTable,
} from "./tables.ts";

const side = z.int().min(1).max(4096);

const parameters = z.strictObject({
  encoder: z
    .string()
    .min(1)
    .describe("The encoder: a folder in models/, or the path of one with a card.json."),
  images: imageSourceSchema.describe("The images to look at."),
  layers: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Names of layers on the encoder\'s card, and "last"; all of them where none is named.'),
  size: z
    .union([side, z.tuple([side, side])])
    .optional()
    .describe("Side of the input in pixels, or [height, width], where it is not to be the card's."),
  shown: z.int().min(1).max(256).default(12).describe("Images whose maps are kept, evenly spaced."),
  threshold: z
    .number()
    .min(-3)
    .max(3)
    .optional()
    .describe("Where subjects begin on the first component, in standard deviations; default: Otsu's."),
  seed: z.int().min(0).default(1).describe("Seed of the single channels and of the intervals."),
  batch: z.int().min(1).max(1024).default(16).describe("Images that the encoder takes at a time."),
});

type Parameters = z.infer<typeof parameters>;
type Context = StageContext<Parameters>;

/** Broken images that the manifest names one by one. */
const namedFailures = 100;

export const stage: Stage<Parameters> = {
  kind: "analyze-feature-maps",
  writes: "feature-maps",
  summary: "Show what an encoder sees where: components, subject masks, distributions of its feature maps.",
  scope: "encoder",
  parameters,
  inputs: {},
  packages: ["onnxruntime-node", "sharp"],
  async run(context) {
    const { parameters: given, device, progress, signal } = context;
    const { size } = given;
    const parts = await readEncoder(given.encoder, { progress, signal, ...(size !== undefined && { size }) });
    const layers = chooseLayers(parts.card, given.layers);
    const outputs = layers.map(({ output }) => output);
    const encoder = await openEncoder(parts, { device, batch: given.batch, outputs }).catch((error) => {
      if (given.size === undefined || !(error instanceof EncoderError)) throw error;
      throw new UserError(`the network takes no input of ${inputOf(parts).join(" × ")} (${error.message})`, {
        advice: "leave size out, or name one that it takes",
        cause: error,
      });
    });
    try {
      const source = await openImages(given.images, { progress, signal });
      const shapes = await shapesOf({ encoder, layers }, given.seed);
      await look(context, encoder, source, shapes);
    } finally {
      await encoder.close();
    }
  },
};

function inputOf({ card }: EncoderParts): readonly [number, number] {
  return inputSize(card.input.preprocessing);
}

async function look(
  context: Context,
  encoder: Encoder,
  source: ImageSource,
  layers: Study["layers"],
): Promise<void> {
  const { parameters: given, progress, signal } = context;
  const broken = new Map<number, string>();
  const study: Study = {
    ...{ encoder, source, layers, signal, seed: given.seed, device: context.device as Device },
    positions: Array.from({ length: source.length }, (_, i) => i),
    onBroken(position, message) {
      if (!broken.has(position)) progress.note(`${message}; it is left out`);
      broken.set(position, message);
    },
  };
  const wanted = spacedPositions(source.length, given.shown);
  const findings = await analyse(
    study,
    { shown: new Set(wanted), threshold: given.threshold },
    progress.phase.bind(progress),
  );
  const shown = wanted.filter((position) => !broken.has(position));
  if (shown.length === 0)
    throw new UserError("none of the images to be shown can be read", {
      advice: "repair them, or raise shown",
    });
  const description = { ...context.description, parameters: { ...given, card: encoder.digest } };
  await writeArtifact(context.output, description, async (writer) => {
    await write(writer, { findings, shown, encoder, source, given, images: source.length - broken.size });
    Object.assign(writer.metrics, {
      ...{ images: source.length - broken.size, broken: broken.size },
      // Several images are read at once, so that the first to fail need not be the first in order.
      brokenImages: [...broken]
        .sort(([a], [b]) => a - b)
        .slice(0, namedFailures)
        .map(([, message]) => message),
      ...lastOverlaps(findings, given.seed),
      layers: figures(findings, given.seed),
    });
  });
}

interface Work {
  readonly findings: readonly LayerFindings[];
  /** Positions of the images whose maps are kept. */
  readonly shown: readonly number[];
  readonly encoder: Encoder;
  readonly source: ImageSource;
  readonly given: Parameters;
  /** That could be read. */
  readonly images: number;
}

async function write(writer: ArtifactWriter, work: Work): Promise<void> {
  const { findings, shown, encoder, source, given, images } = work;
  const { preprocessing } = encoder.card.input;
  const pictures = await Promise.all(shown.map((position) => shownPicture(source, position, preprocessing)));
  const listed = await shownImages(source, shown);
  for (const [i, { picture }] of listed.entries()) await writer.bytes(picture, await webpOf(pictures[i]));
  for (const found of findings)
    await writer.bytes(`sheets/${fileName(found)}.webp`, await webpOf(layerSheet(found, pictures)));
  // The page reads these: no zstd, and a layer at a time.
  const plain = { compression: "snappy" as const };
  await writer.table("maps.parquet", mapsTable(findings, shown), { ...plain, rowGroupRows: shown.length });
  await writer.table("statistics.parquet", statisticsTable(findings), plain);
  await writer.table("histograms.parquet", histogramsTable(findings), plain);
  await writer.table("curves.parquet", curvesTable(findings), plain);
  await writer.table("overlaps.parquet", overlapsTable(findings));
  await writer.table("answers.parquet", answersTable(findings));
  await writer.tensors("components.safetensors", tensorsOf(findings));
  const { seed, threshold } = given;
  const isRandom = await isControl(given.encoder);
  await writer.json(
    "feature-maps.json",
    aboutOf(findings, { encoder, isRandom, images, shown: listed, seed, threshold }),
  );
}

/** A layer's name as that of a file. */
function fileName({ layer }: LayerFindings): string {
  return layer.name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^\.+/, "");
}

function tensorsOf(findings: readonly LayerFindings[]): Record<string, Tensor> {
  return Object.fromEntries(
    findings.flatMap(({ layer: { name, width }, summary: { principal } }) => [
      [`${name}.mean`, { dtype: "float32", shape: [width], data: Float32Array.from(principal.mean) }],
      [
        `${name}.components`,
        {
          dtype: "float32",
          shape: [principal.variance.length, width],
          data: Float32Array.from(principal.components),
        },
      ],
    ]),
  );
}

/** For the manifest's first figures: how the last layer's mask meets the truth. */
function lastOverlaps(findings: readonly LayerFindings[], seed: number) {
  const last = findings.at(-1);
  const iou = last && overlapsOf(last, seed);
  return iou && { iou: iou.component.mean, colourIou: iou.colour.mean };
}

/** For the manifest, by layer: how the mask meets the truth, and how activations are spread. */
function figures(findings: readonly LayerFindings[], seed: number) {
  return Object.fromEntries(
    findings.map((found) => {
      const { summary, subject } = found;
      const { deviation, kurtosis } = summary.whole.moments;
      const iou = overlapsOf(found, seed);
      return [
        found.layer.name,
        {
          firstComponent: summary.principal.ratio[0],
          ...(subject.roughness && { roughness: subject.roughness.mean }),
          ...{ deviation: deviation.mean, kurtosis: kurtosis.mean, outliers: summary.whole.outliers },
          ...(iou && {
            n: iou.n,
            iou: iou.component.mean,
            colourIou: iou.colour.mean,
            gridIou: iou.grid.mean,
          }),
        },
      ];
    }),
  );
}
