/** A process that runs trials of one target and reports each, so that a crash or a hang ends it alone. */

import { targets } from "./targets.ts";
import { type Outcome, Trials } from "./trial.ts";

export interface Report extends Outcome {
  readonly index: number;
  /** Whether the process ends with this. */
  readonly fatal: boolean;
  /** Of the process so far, in MiB. */
  readonly peakMemory: number;
}

const [name, seed, from, to] = process.argv.slice(2);
const target = targets.find((each) => each.name === name);
if (!target) throw new Error(`there is no target "${name}"`);

const trials = await Trials.begin(target, Number(seed));
let index = Number(from);
const report = (outcome: Outcome, fatal = false) =>
  process.send?.({
    ...outcome,
    index,
    fatal,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  } satisfies Report);

for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    report({ kind: "defect", message: `${event}: ${error}`, milliseconds: 0 }, true);
    process.disconnect();
    process.exit(1);
  });
}
for (; index < Number(to); index++) report(await trials.run(index));
await trials.end();
process.disconnect();
