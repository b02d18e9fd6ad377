/** What a bench prints. */

import { median, ratio } from "./timing.ts";

export function say(line: string): void {
  console.log(`  ${line}`);
}

/** One program's seconds: the median, and the least of all rounds. */
export function sayTimes(name: string, times: readonly number[], note = ""): void {
  const least = Math.min(...times);
  const rounds = `least ${duration(least)}, ${times.length} rounds`;
  say(`${name.padEnd(28)} ${duration(median(times)).padStart(8)}   (${rounds})${note && `   ${note}`}`);
}

/** How a peer compares, and the ratio that is aimed at where there is one. */
export function sayRatio(
  peer: string,
  theirs: readonly number[],
  ours: readonly number[],
  target?: number,
): void {
  const times = ratio(theirs, ours);
  const aim =
    target === undefined ? "" : `   (aim: at least ${target}: ${times >= target ? "met" : "missed"})`;
  say(`ours is ${times.toFixed(2)} times as fast as ${peer}${aim}`);
}

export function duration(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(1000 * seconds).toFixed(1)} ms`;
}
