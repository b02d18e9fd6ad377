/** What each step reported, kept so that a resumed run's record is whole. */

import type { FitReport } from "./fit.ts";

export class History {
  readonly #columns: Record<string, number[]>;

  /** `metrics` are recorded beside step, rate and loss. */
  constructor(metrics: readonly string[] = []) {
    this.#columns = Object.fromEntries(["step", "rate", "loss", ...metrics].map((name) => [name, []]));
  }

  record({ step, rate, loss, metrics }: FitReport): void {
    const row: Readonly<Record<string, number>> = { ...metrics, step, rate, loss };
    for (const [name, column] of Object.entries(this.#columns)) column.push(row[name]);
  }

  /** As JSON, for a checkpoint. */
  save(): unknown {
    return this.#columns;
  }

  restore(saved: unknown): void {
    Object.assign(this.#columns, structuredClone(saved));
  }

  /** One array a column: `step` as uint32, all others float32. */
  columns(): Record<string, Uint32Array | Float32Array> {
    return Object.fromEntries(
      Object.entries(this.#columns).map(([name, column]) => [
        name,
        name === "step" ? Uint32Array.from(column) : Float32Array.from(column),
      ]),
    );
  }
}
