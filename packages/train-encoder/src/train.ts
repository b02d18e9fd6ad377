/** Training on scenes, from settings and an objective to weights. */

import { sharedWeights, trainedWeights } from "@optogram/networks";
import { type Device, GraphBuilder } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import {
  adamW,
  type CheckpointStore,
  compileTrainingStep,
  cosine,
  type FitReport,
  fit,
  History,
  type Normal,
  type TrainingStep,
  Variables,
  warmUp,
} from "@optogram/training";
import type { Objective, Tensors } from "./objective.ts";
import { type EncoderSettings, stepsOf } from "./settings.ts";

export interface EncoderRun {
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  readonly signal?: AbortSignal;
  readonly device?: Device;
  readonly report: (report: FitReport) => void;
}

export interface TrainedVariables {
  readonly initial: Tensors;
  readonly final: Tensors;
  readonly history: History;
}

/** An objective's training step; the optimiser is the same for all. */
export async function objectiveStep(
  objective: Pick<Objective, "loss">,
  weightDecay: number,
  random: Normal,
  device?: Device,
): Promise<TrainingStep> {
  const variables = new Variables(new GraphBuilder());
  const weights = sharedWeights(trainedWeights(variables, random));
  const { loss } = objective.loss({ variables, weights });
  const optimizer = adamW({ weightDecay, beta2: 0.98 });
  return await compileTrainingStep({ loss, variables, optimizer, clipNorm: 1, ...(device && { device }) });
}

/** Every sample is a scene that was not seen before; scene i of the run is scene i of the seed. */
export async function trainEncoder(
  objective: Objective,
  settings: EncoderSettings,
  run: EncoderRun,
): Promise<TrainedVariables> {
  const steps = stepsOf(settings);
  const random = seededRandom(settings.seed);
  const training = await objectiveStep(objective, settings.weightDecay, () => random.normal(), run.device);
  try {
    const initial = training.state();
    const history = new History();
    const reports = fit(training, {
      steps,
      schedule: warmUp(Math.min(200, steps / 10), cosine(settings.rate, steps)),
      batch: (step) => objective.batch(step),
      state: history,
      ...(run.checkpoint && { checkpoint: run.checkpoint }),
      ...(run.signal && { signal: run.signal }),
    });
    for await (const report of reports) {
      history.record(report);
      run.report(report);
    }
    return { initial, final: training.state(), history };
  } finally {
    await training.close();
  }
}
