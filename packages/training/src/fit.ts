/** The training loop: batches in, reports out, checkpoints on the way. */

import type { Tensor } from "@optogram/onnx";
import type { Schedule } from "./schedules.ts";
import type { StepReport, TrainingStep } from "./step.ts";

export interface SavedState {
  readonly step: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly state: unknown;
}

/** Where checkpoints go; `load` gives the latest one, or nothing. */
export interface CheckpointStore {
  load(): Promise<SavedState | undefined>;
  save(step: number, tensors: Readonly<Record<string, Tensor>>, state: unknown): Promise<void>;
}

export interface FitOptions {
  readonly steps: number;
  readonly schedule: Schedule;
  /** The step-th batch (from 0): a function of its number alone, so that a resumed run sees the same ones. */
  readonly batch: (
    step: number,
  ) => Promise<Readonly<Record<string, Tensor>>> | Readonly<Record<string, Tensor>>;
  readonly checkpoint?: { readonly store: CheckpointStore; readonly every: number };
  /** The loop's caller's own state, saved and given back with the weights. */
  readonly state?: { save(): unknown; restore(state: unknown): void };
  /** Runs between steps (resampling, say), after the step's report was yielded. */
  readonly after?: (step: number) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

export interface FitReport extends StepReport {
  /** From 0. */
  readonly step: number;
  readonly rate: number;
}

/**
 * Trains from the last checkpoint, or the start, and yields each step's report. Batches are made between steps, not
 * beside them: ONNX Runtime's threads wait by spinning, so that what runs beside them slows both (measured on two
 * cores: 50 images a second beside, 110 between). Aborting saves a checkpoint and throws the signal's reason.
 */
export async function* fit(training: TrainingStep, options: FitOptions): AsyncGenerator<FitReport> {
  const { steps, schedule, checkpoint, signal } = options;
  const save = (step: number) =>
    checkpoint?.store.save(step, training.state(), {
      updates: training.updates,
      own: options.state?.save() ?? null,
    });
  const saved = await checkpoint?.store.load();
  if (saved) {
    const { updates, own } = saved.state as { updates: number; own: unknown };
    training.restore(saved.tensors, updates);
    options.state?.restore(own);
  }
  const first = saved?.step ?? 0;
  for (let step = first; step < steps; step++) {
    if (signal?.aborted) {
      await save(step);
      throw signal.reason;
    }
    const batch = await options.batch(step);
    const rate = schedule(step);
    const report = await training.run(batch, rate);
    yield { ...report, step, rate };
    await options.after?.(step);
    if (checkpoint && (step + 1) % checkpoint.every === 0 && step + 1 < steps) await save(step + 1);
  }
}
