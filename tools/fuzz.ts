/**
 * `node tools/fuzz.ts --count 10000`: damages files of every format that is read from outside, and says what became of
 * them. A trial that throws anything but its package's error, crashes, hangs or touches another file is a defect; the
 * exit status is 1 where there is one. `--only tar` takes one target, `--seed 7` other damage.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Report } from "./fuzz/child.ts";
import { targets } from "./fuzz/targets.ts";

/** A trial takes milliseconds; a loaded machine may take seconds. */
const hangMilliseconds = 30_000;
const defectsShown = 10;

interface Tally {
  read: number;
  refused: number;
  slowest: number;
  peakMemory: number;
  readonly defects: string[];
}

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  console.error(
    `there is no target "${values.only}"; there are ${targets.map(({ name }) => name).join(", ")}`,
  );
  process.exit(1);
}
const each = Math.ceil(Number(values.count) / chosen.length);
console.log(`${each * chosen.length} mutations, seed ${values.seed}`);
console.log(`${"target".padEnd(16)}  read  refused  defects  slowest ms  peak MiB`);
let defects = 0;
for (const { name } of chosen) {
  const tally = await runTarget(name, each);
  const { read, refused, slowest, peakMemory } = tally;
  const numbers = [
    String(read).padStart(4),
    String(refused).padStart(7),
    String(tally.defects.length).padStart(7),
    slowest.toFixed(0).padStart(10),
    peakMemory.toFixed(0).padStart(8),
  ];
  console.log(`${name.padEnd(16)}  ${numbers.join("  ")}`);
  for (const defect of tally.defects.slice(0, defectsShown)) console.log(`  ${defect}`);
  defects += tally.defects.length;
}
process.exitCode = defects > 0 ? 1 : 0;

/** Trials 0 to `count` − 1; after one that ends the process, those behind it go on in another. */
async function runTarget(name: string, count: number): Promise<Tally> {
  const tally: Tally = { read: 0, refused: 0, slowest: 0, peakMemory: 0, defects: [] };
  for (let next = 0; next < count; ) next = await runFrom(name, next, count, tally);
  return tally;
}

async function runFrom(name: string, from: number, to: number, tally: Tally): Promise<number> {
  const script = fileURLToPath(new URL("fuzz/child.ts", import.meta.url));
  const child = fork(script, [name, String(values.seed), String(from), String(to)]);
  let next = from;
  let hung = false;
  let told = false;
  const hang = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, hangMilliseconds);
  child.on("message", ({ index, kind, message, milliseconds, peakMemory, fatal }: Report) => {
    hang.refresh();
    next = index + 1;
    told = fatal;
    if (kind === "defect") tally.defects.push(`trial ${index}: ${message}`);
    else tally[kind]++;
    tally.slowest = Math.max(tally.slowest, milliseconds);
    tally.peakMemory = Math.max(tally.peakMemory, peakMemory);
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  child.on("exit", (code, signal) => resolve(signal ?? `status ${code}`));
  const end = await promise;
  clearTimeout(hang);
  if (next >= to || told) return next;
  tally.defects.push(
    `trial ${next}: ${hung ? `no answer in ${hangMilliseconds} ms` : `the process ended (${end})`}`,
  );
  return next + 1;
}
