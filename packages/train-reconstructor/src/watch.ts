/** What is looked at on the way, and when: losses a step, held-out losses now and then. */

import { table } from "@optogram/artifacts";
import { type FitReport, History } from "@optogram/training";

/** Parts of the training after which held-out images are judged. */
const parts = 16;
/** Those after which the sheet gets a row: 1/8, 1/4, 1/2 and the end. */
const rowParts = [2, 4, 8, 16];

/** Steps done (from 1) after which held-out images are judged, and whether the sheet gets a row then. */
export function marksOf(steps: number): ReadonlyMap<number, boolean> {
  const marks = new Map<number, boolean>();
  for (let part = 1; part <= parts; part++) {
    const step = Math.ceil((part * steps) / parts);
    marks.set(step, (marks.get(step) ?? false) || rowParts.includes(part));
  }
  return marks;
}

/** The losses, to be saved with the weights. */
export class Losses {
  readonly #history = new History();
  #heldOut: [step: number, loss: number][] = [];

  record(report: FitReport): void {
    this.#history.record(report);
  }

  /** After the step (from 0). */
  judged(step: number, loss: number): void {
    this.#heldOut.push([step, loss]);
  }

  save(): unknown {
    return { history: this.#history.save(), heldOut: this.#heldOut };
  }

  restore(saved: unknown): void {
    const { history, heldOut } = saved as { history: unknown; heldOut: [number, number][] };
    this.#history.restore(history);
    this.#heldOut = structuredClone(heldOut);
  }

  /** The mean loss of the last sixteenth of the steps. */
  final(): number {
    const loss = Array.from(this.#history.columns().loss);
    const last = loss.slice(-Math.ceil(loss.length / parts));
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  }

  /** step, rate, loss, heldOut: not a number where it was not measured. */
  table(): ReturnType<typeof table> {
    const columns = this.#history.columns();
    const heldOut = new Float32Array(columns.step.length).fill(Number.NaN);
    for (const [step, loss] of this.#heldOut) heldOut[step] = loss;
    return table({ ...columns, heldOut });
  }
}
