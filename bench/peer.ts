/** A Python program that does the same work: kept running, it takes its turn on request. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { say } from "./report.ts";

export interface Peer {
  /** Package, version and threads. */
  readonly about: string;
  /** One turn of a task; the seconds are Python's own, without the way there and back. */
  turn(task: string): Promise<number>;
  close(): void;
}

interface Answer {
  readonly about?: string;
  readonly missing?: string;
  readonly seconds?: number;
}

const python = process.env.OPTOGRAM_PYTHON ?? "python3";

/**
 * Starts peers/NAME.py. Absent where Python or a package that it needs is not installed: then the figures stand alone.
 */
export async function openPeer(name: string, parameters: readonly string[] = []): Promise<Peer | undefined> {
  const script = fileURLToPath(new URL(`peers/${name}.py`, import.meta.url));
  const child = spawn(python, [script, ...parameters], { stdio: ["pipe", "pipe", "inherit"] });
  const started = await once(child, "spawn").then(
    () => true,
    () => false,
  );
  if (!started) {
    say(`no peer: there is no ${python}; OPTOGRAM_PYTHON names another Python`);
    return undefined;
  }
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`peers/${name}.py has ended`);
    return JSON.parse(value) as Answer;
  };
  const { about, missing } = await answer();
  if (about === undefined) {
    say(`no peer: ${python} has no ${missing}; OPTOGRAM_PYTHON names another Python`);
    child.stdin.end();
    return undefined;
  }
  return {
    about,
    turn: async (task) => {
      child.stdin.write(`${task}\n`);
      return (await answer()).seconds as number;
    },
    close: () => child.stdin.end(),
  };
}
