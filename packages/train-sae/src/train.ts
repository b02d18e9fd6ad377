/** The training of a sparse autoencoder on a table of embeddings, from settings to tensors. */

import type { Device, Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import {
  type CheckpointStore,
  fit,
  linearDecay,
  restarted,
  type TrainingStep,
  warmUp,
} from "@optogram/training";
import { tensorNames } from "./autoencoder.ts";
import { initialTensors } from "./initialize.ts";
import { resample } from "./resample.ts";
import { gatherRows, RowOrder, type Rows, rowsIn } from "./rows.ts";
import { openCoder, saeStep, silentSteps, type Variant } from "./step.ts";

export interface SaeSettings {
  readonly latents: number;
  readonly variant: Variant;
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  /** A feature that was silent for this many passes over the data is dead. */
  readonly deadAfter: number;
}

/** Resampling ends at this share of the steps, so that what was resampled has time to learn. */
const resamplingEnds = 0.7;
const warmUpSteps = 100;
/** Inputs among which resampling draws. */
const candidateRows = 8192;
/** The rate falls to zero over the last part of the steps. */
const decayStarts = 0.8;

export interface SaeReport {
  readonly step: number;
  readonly rate: number;
  readonly loss: number;
  /** Fraction of the batch's variance that is unexplained. */
  readonly fvu: number;
  /** Mean number of active features. */
  readonly l0: number;
  /** Share of features that are dead. */
  readonly dead: number;
}

export interface SaeRun {
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: SaeReport) => void;
}

/** Trains on rows [n, d] and returns W_enc [d, m], b_enc [m], W_dec [m, d], b_dec [d]. */
export async function trainSae(
  rows: Rows,
  settings: SaeSettings,
  run: SaeRun,
): Promise<Record<string, Tensor>> {
  const { latents, steps, seed, rate, variant } = settings;
  const n = rowsIn(rows);
  const batch = Math.min(settings.batch, n);
  const window = Math.max(1, Math.ceil((settings.deadAfter * n) / batch));
  const order = new RowOrder(n, batch, seed);
  const initial = initialTensors(rows, latents, seededRandom(seed));
  const device = run.device && { device: run.device };
  const training = await saeStep({ initial, batch, variant, deadAfter: window, ...device });
  const restarts: number[] = [];
  const base = warmUp(warmUpSteps, linearDecay(rate, decayStarts * steps, steps));
  try {
    const reports = fit(training, {
      steps,
      schedule: (step) => restarted(base, restarts, warmUpSteps)(step),
      batch: (step) => ({ x: gatherRows(rows, order.at(step)) }),
      state: {
        save: () => restarts,
        restore: (saved) => void restarts.push(...(saved as number[])),
      },
      after: async (step) => {
        if (variant.kind !== "relu" || (step + 1) % window !== 0 || step >= resamplingEnds * steps) return;
        if (await resampleDead(training, rows, window, seededRandom(seed, -1 - step), run.device))
          restarts.push(step + 1);
      },
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const { step, rate: used, loss, metrics } of reports)
      run.report({ step, rate: used, loss, fvu: metrics.fvu, l0: metrics.l0, dead: metrics.dead });
    const state = training.state();
    return Object.fromEntries(Object.values(tensorNames).map((name) => [name, state[name]]));
  } finally {
    await training.close();
  }
}

/** Gives dead features new directions; whether there were any. */
async function resampleDead(
  training: TrainingStep,
  rows: Rows,
  window: number,
  random: ReturnType<typeof seededRandom>,
  device?: Device,
): Promise<boolean> {
  const silent = training.variable(silentSteps).data as Float32Array;
  const dead = [...silent.keys()].filter((feature) => silent[feature] >= window);
  if (dead.length === 0) return false;
  const n = rowsIn(rows);
  const candidates = gatherRows(rows, random.sample(n, Math.min(n, candidateRows)));
  const inputs = { data: candidates.data as Float32Array, d: rows.d };
  const losses = await squaredErrors(inputs, training, device);
  resample({ rows: inputs, losses, dead, random, variable: (name) => training.variable(name) });
  for (const feature of dead) silent[feature] = 0;
  return true;
}

/** The autoencoder's squared error at each row. */
async function squaredErrors(rows: Rows, training: TrainingStep, device?: Device): Promise<Float64Array> {
  const [latents, d] = training.variable(tensorNames.decoderWeight).shape;
  const n = rowsIn(rows);
  const coder = await openCoder({ latents, d }, n, latents, device);
  try {
    const x = gatherRows(rows, [...Array(n).keys()]);
    const tensors = Object.fromEntries(
      Object.values(tensorNames).map((name) => [name, training.variable(name)]),
    );
    const { reconstruction } = await coder.code(x, tensors);
    const errors = new Float64Array(n);
    for (let p = 0; p < reconstruction.length; p++)
      errors[Math.floor(p / d)] += (reconstruction[p] - rows.data[p]) ** 2;
    return errors;
  } finally {
    await coder.close();
  }
}
