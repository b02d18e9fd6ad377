/** How fast a count grows and when it will reach its total. Times are in milliseconds of any one clock. */

/** Long enough to even out steps of different length, short enough to follow a change of pace. */
const windowMilliseconds = 30_000;
/** A pace known from less than this is no pace. */
const leastMilliseconds = 1_000;
const leastSteps = 3;

interface Sample {
  readonly time: number;
  readonly count: number;
}

export class RateEstimator {
  /** The last steps: those of the window, and one from before it. */
  readonly #samples: Sample[];

  constructor(time: number, count: number) {
    this.#samples = [{ time, count }];
  }

  /** The count has become `count` at `time`. */
  add(time: number, count: number): void {
    const samples = this.#samples;
    samples.push({ time, count });
    while (samples.length > leastSteps + 1 && samples[1]!.time <= time - windowMilliseconds) samples.shift();
  }

  /** Counts a second, over the window; undefined until it is known. */
  rate(now: number): number | undefined {
    const first = this.#samples[0]!;
    const last = this.#samples.at(-1)!;
    const steps = this.#samples.length - 1;
    const measured = last.time - first.time;
    if (steps < leastSteps || measured < leastMilliseconds) return undefined;
    // A step that takes longer than steps did is a slower pace already, not a step that is about to end.
    const overdue = Math.max(0, now - last.time - (2 * measured) / steps);
    return ((last.count - first.count) / (measured + overdue)) * 1000;
  }

  /** Seconds until the count is `total`; undefined until that is known. */
  secondsLeft(now: number, total: number): number | undefined {
    const rate = this.rate(now);
    const last = this.#samples.at(-1)!;
    if (rate === undefined || rate <= 0) return undefined;
    const due = (total - last.count) / rate;
    return Math.max(0, due - Math.min((now - last.time) / 1000, due / 2));
  }
}

/** `45 s`, `1 min 30 s`, `12 min`, `2 h 5 min`: no finer than an estimate of that length is worth. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 600) {
    const rounded = Math.ceil(seconds / 5) * 5;
    const rest = rounded % 60;
    return `${Math.floor(rounded / 60)} min${rest > 0 ? ` ${rest} s` : ""}`;
  }
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ""}`;
}

/** `1240/s`, `31/s`, `2.4/s`, or `8 s each` for what takes long. */
export function formatRate(rate: number): string {
  if (rate >= 10) return `${Math.round(rate)}/s`;
  if (rate >= 0.5) return `${rate.toFixed(1)}/s`;
  return `${formatDuration(1 / rate)} each`;
}
