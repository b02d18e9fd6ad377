/** Several programs timed in turn in one run, so that what slows the machine down meets all of them. */

import { setTimeout } from "node:timers/promises";

/** Does the work once and gives the seconds it took. */
export type Turn = () => Promise<number>;

export interface Limits {
  /** Rounds that do not count. */
  readonly warmUp?: number;
  readonly rounds?: number;
  /** No round starts after this, once three have counted. */
  readonly seconds?: number;
}

/** Threads of the one before spin for a while before they sleep, and would take part of the next one's time. */
const pause = 100;

/** The seconds of each program's turns: round i of one stands beside round i of the others. An absent one has none. */
export async function inTurn<Name extends string>(
  turns: Readonly<Record<Name, Turn | undefined>>,
  { warmUp = 3, rounds = 10, seconds = 30 }: Limits = {},
): Promise<Record<Name, number[]>> {
  const programs = Object.entries(turns) as [Name, Turn | undefined][];
  const times = Object.fromEntries(programs.map(([name]) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  const start = performance.now();
  for (let round = -warmUp; round < rounds; round++) {
    if (round >= 3 && performance.now() - start > 1000 * seconds) break;
    for (const [name, turn] of programs) {
      if (!turn) continue;
      await setTimeout(pause);
      const taken = await turn();
      if (round >= 0) times[name].push(taken);
    }
  }
  return times;
}

/** Seconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times as long `theirs` takes as `ours`: the median over rounds. */
export function ratio(theirs: readonly number[], ours: readonly number[]): number {
  return median(theirs.map((time, round) => time / ours[round]));
}
