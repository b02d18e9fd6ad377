/** The training of a sparse autoencoder on a table of embeddings, from settings to tensors. */

import type { Device, Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import {
  type CheckpointStore,
  type FitReport,
  fit,
  History,
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

export interface SaeRun {
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: FitReport) => void;
}

export interface TrainedSae {
  /** W_enc [d, m], b_enc [m], W_dec [m, d], b_dec [d]. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** step, rate, loss; fvu and l0 of the step's batch; dead as a share of features. */
  readonly history: History;
}

/** Trains on rows [n, d]. */
export async function trainSae(rows: Rows, settings: SaeSettings, run: SaeRun): Promise<TrainedSae> {
  const { latents, steps, seed, rate, variant } = settings;
  const n = rowsIn(rows);
  const batch = Math.min(settings.batch, n);
  const window = Math.max(1, Math.ceil((settings.deadAfter * n) / batch));
  const order = new RowOrder(n, batch, seed);
  const initial = initialTensors(rows, latents, seededRandom(seed));
  const device = run.device && { device: run.device };
  const training = await saeStep({ initial, batch, variant, deadAfter: window, ...device });
  const history = new History(["fvu", "l0", "dead"]);
  const restarts: number[] = [];
  const base = warmUp(warmUpSteps, linearDecay(rate, decayStarts * steps, steps));
  try {
    const reports = fit(training, {
      steps,
      schedule: (step) => restarted(base, restarts, warmUpSteps)(step),
      batch: (step) => ({ x: gatherRows(rows, order.at(step)) }),
      state: {
        save: () => ({ restarts, history: history.save() }),
        restore: (saved) => {
          const own = saved as { restarts: number[]; history: unknown };
          restarts.push(...own.restarts);
          history.restore(own.history);
        },
      },
      after: async (step) => {
        if (variant.kind !== "relu" || (step + 1) % window !== 0 || step >= resamplingEnds * steps) return;
        if (await resampleDead(training, rows, window, seededRandom(seed, -1 - step), run.device))
          restarts.push(step + 1);
      },
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const report of reports) {
      history.record(report);
      run.report(report);
    }
    const state = training.state();
    const tensors = Object.fromEntries(Object.values(tensorNames).map((name) => [name, state[name]]));
    return { tensors, history };
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
