/** Progress of long work: one live line on a terminal, otherwise a plain line every few seconds. */
import { formatDuration, formatRate, RateEstimator } from "./estimate.ts";

export interface Progress {
  /** Begins a part of the work. `total` where it is known; `done` is what an earlier run did of it. */
  phase(name: string, total?: number, done?: number): Phase;
  /** A line of its own, such as a warning. */
  note(line: string): void;
}

export interface Phase {
  /** `n` more are done; `note` (such as `fvu 0.21`) stays on the line until there is another. */
  advance(n?: number, note?: string): void;
  done(note?: string): void;
}

export interface ProgressDisplay extends Progress {
  /** Ends the live line; nothing is drawn after it. */
  close(): void;
}

/** Where progress goes: `process.stderr`, or a fake in tests. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  /** Stands before each line: the command's name. */
  readonly name: string;
  readonly output: Output;
  /** Milliseconds of a clock that does not go back. */
  readonly now?: () => number;
}

const plainEvery = 5_000;
const liveEvery = 100;

/** Progress that is told to nobody. */
export const silent: Progress = {
  phase: () => ({ advance() {}, done() {} }),
  note() {},
};

export function createProgress({
  name,
  output,
  now = () => performance.now(),
}: ProgressOptions): ProgressDisplay {
  const lines = output.isTTY ? liveLines(output, now) : plainLines(output, now);
  return {
    note: (line) => lines.keep(`${name}: ${line}`),
    close: () => lines.close(),
    phase(phase, total, done = 0) {
      const state = new PhaseState({ name, phase, total, done, now });
      lines.begin(state);
      return {
        advance(n = 1, note) {
          state.advance(n, note);
          lines.changed(state);
        },
        done(note) {
          if (state.ended) return;
          state.end(note);
          lines.end(state);
        },
      };
    },
  };
}

interface Lines {
  begin(state: PhaseState): void;
  changed(state: PhaseState): void;
  end(state: PhaseState): void;
  keep(line: string): void;
  close(): void;
}

function plainLines(output: Output, now: () => number): Lines {
  let last = now();
  const keep = (line: string) => {
    last = now();
    output.write(`${line}\n`);
  };
  return {
    keep,
    begin() {},
    close() {},
    changed(state) {
      if (now() - last >= plainEvery) keep(state.line());
    },
    end(state) {
      keep(state.summary());
    },
  };
}

function liveLines(output: Output, now: () => number): Lines {
  const active = new Set<PhaseState>();
  let shown: PhaseState | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (!shown) return;
    last = now();
    output.write(`\r\u001b[K${shown.line(barOf(shown)).slice(0, (output.columns ?? 80) - 1)}`);
  };
  const keep = (line: string) => {
    output.write(`\r\u001b[K${line}\n`);
    draw();
  };
  const close = () => {
    clearInterval(timer);
    timer = undefined;
    if (shown) output.write("\r\u001b[K");
    shown = undefined;
    active.clear();
  };
  return {
    keep,
    close,
    begin(state) {
      active.add(state);
      shown = state;
      draw();
      // So that the time left goes on while a long step says nothing.
      timer ??= setInterval(draw, 1000).unref();
    },
    changed(state) {
      shown = state;
      if (now() - last >= liveEvery) draw();
    },
    end(state) {
      active.delete(state);
      shown = [...active].at(-1);
      keep(state.summary());
      if (active.size === 0) close();
    },
  };
}

function barOf({ share }: PhaseState): string {
  if (share === undefined) return "";
  const filled = Math.round(share * 20);
  return `${"█".repeat(filled)}${"░".repeat(20 - filled)} `;
}

interface PhaseOptions {
  readonly name: string;
  readonly phase: string;
  readonly total: number | undefined;
  readonly done: number;
  readonly now: () => number;
}

/** What is known of one phase, and how it is told. */
class PhaseState {
  ended = false;
  readonly #options: PhaseOptions;
  readonly #started: number;
  readonly #estimator: RateEstimator;
  #count: number;
  #note = "";

  constructor(options: PhaseOptions) {
    this.#options = options;
    this.#count = options.done;
    this.#started = options.now();
    this.#estimator = new RateEstimator(this.#started, options.done);
  }

  advance(n: number, note: string | undefined): void {
    this.#count += n;
    if (n > 0) this.#estimator.add(this.#options.now(), this.#count);
    if (note !== undefined) this.#note = note;
  }

  end(note: string | undefined): void {
    this.ended = true;
    if (note !== undefined) this.#note = note;
  }

  /** 0 to 1, where the total is known. */
  get share(): number | undefined {
    const { total } = this.#options;
    return total === undefined ? undefined : Math.min(1, total === 0 ? 1 : this.#count / total);
  }

  line(bar = ""): string {
    const { name, phase, total, now } = this.#options;
    const time = now();
    const rate = this.#estimator.rate(time);
    const left = total === undefined ? undefined : this.#estimator.secondsLeft(time, total);
    const count = total === undefined ? `${this.#count}` : `${this.#count}/${total}`;
    const parts = [
      this.#count === 0 && total === undefined ? phase : `${phase} ${count}`,
      rate === undefined ? "" : formatRate(rate),
      left === undefined ? "" : `${formatDuration(left)} left`,
      this.#note,
    ];
    return `${name}: ${bar}${parts.filter((part) => part !== "").join(", ")}`;
  }

  summary(): string {
    const { name, phase, now } = this.#options;
    const seconds = (now() - this.#started) / 1000;
    const took = seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
    const count = this.#count > 0 ? ` ${this.#count}` : "";
    return `${name}: ${phase}${count} in ${took}${this.#note ? `, ${this.#note}` : ""}`;
  }
}
