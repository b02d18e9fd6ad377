/** Learning-rate schedules: pure functions from the step (from 0) to a rate. */

export type Schedule = (step: number) => number;

export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** Rises linearly from rate/steps to the schedule's own value over the first `steps`. */
export const warmUp =
  (steps: number, then: Schedule): Schedule =>
  (step) =>
    then(step) * Math.min(1, (step + 1) / steps);

/** Half a cosine from `rate` down to `final` over `steps` (Loshchilov & Hutter 2017). */
export const cosine =
  (rate: number, steps: number, final = 0): Schedule =>
  (step) =>
    final + ((rate - final) * (1 + Math.cos(Math.PI * Math.min(1, step / steps)))) / 2;

/** `rate` up to step `from`, then straight down to `final` at step `to`. */
export const linearDecay =
  (rate: number, from: number, to: number, final = 0): Schedule =>
  (step) =>
    rate + (final - rate) * Math.min(1, Math.max(0, (step - from) / (to - from)));

export interface OneCycleOptions {
  readonly peak: number;
  readonly steps: number;
  /** Share of the steps that rise. */
  readonly rise?: number;
  readonly initial: number;
  readonly final: number;
}

/** Linear from `initial` to `peak`, then half a cosine to `final` (Smith & Topin 2018). */
export const oneCycle = ({ peak, steps, rise = 0.05, initial, final }: OneCycleOptions): Schedule => {
  const top = Math.max(1, Math.round(rise * steps));
  const fall = cosine(peak, Math.max(1, steps - 1 - top), final);
  return (step) => (step < top ? initial + ((peak - initial) * step) / top : fall(step - top));
};

export interface CyclicOptions {
  readonly lowest: number;
  readonly peak: number;
  /** Steps up and steps down of a cycle. */
  readonly up: number;
  readonly down: number;
}

/** Triangles between `lowest` and `peak` (Smith 2017). */
export const cyclic =
  ({ lowest, peak, up, down }: CyclicOptions): Schedule =>
  (step) => {
    const at = step % (up + down);
    return lowest + (peak - lowest) * (at < up ? at / up : 1 - (at - up) / down);
  };

/** The schedule with a linear warm-up of `steps` after each of the given restarts (after resampling, say). */
export const restarted =
  (schedule: Schedule, restarts: readonly number[], steps: number): Schedule =>
  (step) => {
    const last = restarts.findLast((restart) => restart <= step);
    return schedule(step) * (last === undefined ? 1 : Math.min(1, (step - last + 1) / steps));
  };
