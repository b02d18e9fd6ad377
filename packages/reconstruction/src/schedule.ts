/** Learning rates of the paper. */

import { cyclic, oneCycle, type Schedule } from "@optogram/training";

/** `one-cycle` as in the released code, `cyclic` as in the text. */
export const scheduleNames = ["one-cycle", "cyclic"] as const;

export interface ScheduleOptions {
  readonly steps: number;
  /** The highest rate; the paper's is 3e-4. */
  readonly rate: number;
}

/** The lowest rate of a cycle, and the end of the only one, as shares of the highest (PyTorch's). */
const lowest = 1 / 25;
const final = lowest / 1e4;

/** Steps up and steps down of `cyclic` (PyTorch's); fewer where the training is short, so that it has five cycles. */
const halfCycle = 2000;

export function reconstructionSchedule(
  name: (typeof scheduleNames)[number],
  { steps, rate }: ScheduleOptions,
): Schedule {
  if (name === "one-cycle")
    return oneCycle({ peak: rate, steps, rise: 0.05, initial: lowest * rate, final: final * rate });
  const half = Math.max(1, Math.min(halfCycle, Math.floor(steps / 10)));
  return cyclic({ lowest: lowest * rate, peak: rate, up: half, down: half });
}
