/** The training of a reconstructor, from batches to weights. */

import type { Device, Tensor } from "@optogram/onnx";
import {
  type ReconstructorShape,
  reconstructionSchedule,
  reconstructorStep,
  type scheduleNames,
} from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";
import { type CheckpointStore, type FitReport, fit } from "@optogram/training";
import type { Batch } from "./batches.ts";
import { Losses, marksOf } from "./watch.ts";

export interface ReconstructionSettings {
  readonly shape: ReconstructorShape;
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  readonly schedule: (typeof scheduleNames)[number];
  readonly seed: number;
}

export interface ReconstructionRun {
  /** The step-th batch, from 0. */
  readonly batch: (step: number) => Promise<Batch>;
  /** Judges the weights after `done` steps by images held out, and gives their loss; `isRow` where the sheet gets a row. */
  readonly judge: (weights: Weights, done: number, isRow: boolean) => Promise<number>;
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: FitReport) => void;
}

type Weights = Readonly<Record<string, Tensor>>;

export interface TrainedReconstructor {
  readonly weights: Weights;
  /** Numbers that were trained. */
  readonly parameters: number;
  readonly losses: Losses;
}

export async function trainReconstructor(
  { shape, batch, steps, rate, schedule, seed }: ReconstructionSettings,
  run: ReconstructionRun,
): Promise<TrainedReconstructor> {
  const random = seededRandom(seed);
  const { training, parameters } = await reconstructorStep({
    ...{ shape, batch, random: () => random.normal() },
    ...(run.device && { device: run.device }),
  });
  const losses = new Losses();
  const marks = marksOf(steps);
  try {
    const reports = fit(training, {
      steps,
      schedule: reconstructionSchedule(schedule, { steps, rate }),
      batch: run.batch,
      state: losses,
      after: async (step) => {
        const isRow = marks.get(step + 1);
        if (isRow !== undefined) losses.judged(step, await run.judge(training.state(), step + 1, isRow));
      },
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const report of reports) {
      losses.record(report);
      run.report(report);
    }
    return { weights: training.state(), parameters, losses };
  } finally {
    await training.close();
  }
}
