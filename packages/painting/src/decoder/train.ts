/** The training of the decoder, from images, their embeddings and a dictionary to weights. */

import { type Device, float32, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { type CheckpointStore, cosine, type FitReport, fit, History, warmUp } from "@optogram/training";
import { drawDirection, unitRow, type Vectors, vectorsIn } from "./draw.ts";
import { type DecoderShape, decoderSides } from "./network.ts";
import { decoderStep, type FrozenEncoder, type LossWeights, type Views } from "./step.ts";

export interface DecoderSettings extends Omit<DecoderShape, "dimension"> {
  readonly steps: number;
  /** Directions a step. */
  readonly batch: number;
  /** Peak learning rate. */
  readonly rate: number;
  readonly seed: number;
  /** Share of the steps in which all directions are embeddings of images. */
  readonly imagesOnly: number;
  /** Share of a batch that is drawn from the dictionary after that; the rest stay images, so that pictures stay like them. */
  readonly drawn: number;
  readonly weights: LossWeights;
}

export interface DecoderData {
  /** Embeddings [n, d] of any length but zero. */
  readonly embeddings: Vectors;
  /** The image of embedding `index`: [3, size, size] of red, green, blue from 0 to 1. */
  readonly image: (index: number) => Float32Array | Promise<Float32Array>;
  /** Unit rows of a dictionary [m, d]; may be empty. */
  readonly directions: Vectors;
  readonly encoder: FrozenEncoder;
  readonly views?: Views;
}

export interface DecoderRun {
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: FitReport) => void;
}

export interface TrainedDecoder {
  readonly shape: DecoderShape;
  /** The network's weights by name. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** step, rate, loss; image, cosine and cosineUnseen of the step's batch as in the training step. */
  readonly history: History;
}

const warmUpShare = 0.05;
const metrics = ["image", "cosine", "cosineUnseen"] as const;

/**
 * Trains in two phases: first on images and their embeddings alone, then with drawn directions beside them. Which
 * images and directions a step sees depends on the seed and the step's number alone.
 */
export async function trainDecoder(
  data: DecoderData,
  settings: DecoderSettings,
  run: DecoderRun,
): Promise<TrainedDecoder> {
  const { size, hidden, width, steps, batch, rate, seed, weights } = settings;
  const shape = { dimension: data.embeddings.width, size, hidden, width };
  checkData(data, shape);
  const random = seededRandom(seed);
  const { training, parameters } = await decoderStep({
    shape,
    batch,
    weights,
    encoder: data.encoder,
    random: () => random.normal(),
    ...(data.views && { views: data.views }),
    ...(run.device && { device: run.device }),
  });
  const history = new History(metrics);
  try {
    const reports = fit(training, {
      steps,
      schedule: warmUp(Math.max(1, warmUpShare * steps), cosine(rate, steps)),
      batch: async (step) => ({
        ...(await batchOf(data, settings, step)),
        ...data.views?.feeds(step),
      }),
      state: history,
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const report of reports) {
      history.record(report);
      run.report(report);
    }
    const state = training.state();
    const tensors = Object.fromEntries(parameters.map((name) => [name, state[name]]));
    return { shape, tensors, history };
  } finally {
    await training.close();
  }
}

/** The first rows of a batch are images, the others drawn. */
async function batchOf(
  { embeddings, image, directions }: DecoderData,
  { batch, drawn, imagesOnly, seed, size, steps }: DecoderSettings,
  step: number,
): Promise<Record<string, Tensor>> {
  // Stream 0 of the seed made the weights.
  const random = seededRandom(seed, 1 + step);
  const shown = step < imagesOnly * steps ? batch : batch - Math.round(drawn * batch);
  const chosen = Array.from({ length: shown }, () => random.integer(vectorsIn(embeddings)));
  const rows = [
    ...chosen.map((index) => unitRow(embeddings, index)),
    ...Array.from({ length: batch - shown }, () => drawDirection(embeddings, directions, random)),
  ];
  const flat = new Float32Array(batch * embeddings.width);
  for (const [i, row] of rows.entries()) flat.set(row, i * embeddings.width);

  const length = 3 * size ** 2;
  const pixels = new Float32Array(batch * length);
  for (const [i, picture] of (await Promise.all(chosen.map(image))).entries()) {
    if (picture.length !== length)
      throw new RangeError(
        `image ${chosen[i]} has ${picture.length} numbers: the decoder learns from [3, ${size}, ${size}]`,
      );
    pixels.set(picture, i * length);
  }
  return {
    directions: float32(flat, [batch, embeddings.width]),
    images: float32(pixels, [batch, 3, size, size]),
    pictured: float32(Float32Array.from(rows, (_, i) => (i < shown ? 1 : 0))),
  };
}

function checkData({ embeddings, directions }: DecoderData, { size }: DecoderShape): void {
  decoderSides(size);
  if (vectorsIn(embeddings) === 0) throw new RangeError("a decoder cannot be trained without embeddings");
  if (vectorsIn(directions) > 0 && directions.width !== embeddings.width)
    throw new RangeError(
      `the dictionary has ${directions.width} dimensions, the embeddings have ${embeddings.width}: they are of two encoders`,
    );
}
