import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, readArtifact } from "@optogram/artifacts";
import { runStage, type Stage, stageCommand, UserError } from "@optogram/cli";
import { CommanderError } from "commander";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { counting } from "./counting.ts";

let folder: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "optogram-"));
  folder = made;
  onTestFinished(() => rm(made, { recursive: true, force: true }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Ended {
  readonly code: number | string | null;
  readonly text: string;
}

/** Runs a stage's command in this process. */
async function command<P>(stage: Stage<P>, ...args: string[]): Promise<Ended> {
  let text = "";
  const hear = (part: unknown) => {
    text += part;
    return true;
  };
  vi.spyOn(process.stderr, "write").mockImplementation(hear);
  vi.spyOn(console, "error").mockImplementation((error: Error) => hear(error.stack));
  process.exitCode = 0;
  try {
    await stageCommand(stage).exitOverride().parseAsync(args, { from: "user" });
    return { code: process.exitCode, text };
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, text };
    throw error;
  } finally {
    process.exitCode = 0;
  }
}

test("--help shows every input and parameter with its default and choices", () => {
  const help = stageCommand(counting).configureHelp({ helpWidth: 120 }).helpInformation();
  for (const line of [
    /--before <folder> +What was counted before\. \(numbers\)/,
    /--others <folder\.\.\.> +Other numbers\. \(numbers\)/,
    /--out <folder> +Folder to write \(numbers\)\./,
    /--to <integer> +Count to here\. \(default: 3\)/,
    /--order <text> +Which way\. \(default: up\) \(choices: "up", "down"\)/,
    /--no-aloud/,
    /--minimum-count <integer>/,
    /--device <device>/,
  ]) {
    expect(help).toMatch(line);
  }
});

test("flags become parameters, and what is not given is the schema's to say", async () => {
  const seen: unknown[] = [];
  const parameters = z.object({
    aloud: z.boolean().optional(),
    minimumCount: z.int().optional(),
    list: z.array(z.int()).optional(),
  });
  const spy: Stage<z.infer<typeof parameters>> = {
    ...counting,
    parameters,
    run: async ({ parameters }) => {
      seen.push(parameters);
      throw new UserError("seen");
    },
  };
  const out = ["--out", join(folder, "a")];
  await command(spy, ...out);
  await command(spy, ...out, "--aloud", "--minimum-count", "4");
  await command(spy, ...out, "--no-aloud", "--list", "1,2");
  expect(seen).toEqual([{}, { aloud: true, minimumCount: 4 }, { aloud: false, list: [1, 2] }]);
});

test("a run says what it does and what it wrote", async () => {
  const out = join(folder, "a");
  const { code, text } = await command(counting, "--out", out, "--to", "4", "--order", "down");
  expect(text).toMatch(/^count: numbers 4 in [\d.]+ s\ncount: wrote numbers to .*\/a\n$/);
  expect(code).toBe(0);
  expect((await readArtifact(out, "numbers")).manifest.parameters.order).toBe("down");
});

test.each<[string, string[], number, RegExp]>([
  ["no such choice", ["--order", "left"], 1, /^optogram count: .*--order.*Allowed choices are up, down\.\n$/],
  ["a bad number", ["--to", "x"], 1, /^optogram count: bad parameters: to: .*expected number.*--help\n$/],
  ["an input that is not there", ["--before", "b"], 1, /^optogram count: .*b: holds no artifact: .*\n$/],
  ["a file in the way", ["--out", "/dev/null/a"], 1, /^optogram count: .*\/dev\/null.*: check the path\n$/],
  ["what the user can put right", ["--fail", "user"], 1, /^optogram count: cannot count: learn to\n$/],
  ["a defect", ["--fail", "defect"], 2, /^optogram count: counter is .*; this .*OPTOGRAM_DEBUG=1.*\n$/],
])("%s is one line and an exit code", async (_, args, exitCode, message) => {
  const { code, text } = await command(counting, "--out", join(folder, "a"), ...args);
  expect(text).toMatch(message);
  expect(code).toBe(exitCode);
});

test("a command without a folder to write is refused", async () => {
  const { code, text } = await command(counting);
  expect(text).toBe("optogram count: required option '--out <folder>' not specified\n");
  expect(code).toBe(1);
});

test("OPTOGRAM_DEBUG=1 shows where", async () => {
  vi.stubEnv("OPTOGRAM_DEBUG", "1");
  const { text } = await command(counting, "--out", join(folder, "a"), "--fail", "defect");
  expect(text).toContain("counting.ts:");
});

interface Watch {
  readonly started: (child: ChildProcess) => void;
  readonly said?: (child: ChildProcess, text: string) => void;
}

/** Runs `optogram count …` as a process in the test's folder. */
async function program(args: readonly string[], { started, said }: Watch): Promise<Ended> {
  const path = join(import.meta.dirname, "counting.ts");
  const child = spawn(process.execPath, [path, "count", ...args], { cwd: folder });
  started(child);
  let text = "";
  child.stderr.on("data", (part: Buffer) => {
    text += part;
    said?.(child, text);
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

/** Sends a signal to a process once a file is there. */
function signalOnce(path: string, signal: NodeJS.Signals): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (existsSync(join(folder, path))) child.kill(signal);
      if (child.killed) clearInterval(timer);
    }, 10);
    child.on("exit", () => clearInterval(timer));
  };
}

test.each<[NodeJS.Signals, number | null, string]>([
  [
    "SIGINT",
    130,
    "count: stopping; once more stops at once\noptogram count: stopped; run the same command again to go on\n",
  ],
  ["SIGKILL", null, ""],
])("after %s the same run goes on, to the same artifact", async (signal, exitCode, text) => {
  const started = signalOnce(".scratch/a/checkpoint.safetensors", signal);
  const stopped = await program(["--out", "a", "--to", "3", "--pace", "300"], { started });
  expect(stopped).toEqual({ code: exitCode, text });
  expect(existsSync(join(folder, "a"))).toBe(false);
  const parameters = { to: 3, pace: 300 };
  const resumed = await runStage(counting, { output: join(folder, "a"), parameters });
  expect(resumed.metrics.resumedAt).toBeGreaterThan(0);
  expect(await readdir(folder)).toEqual(["a"]);
  const unbroken = await runStage(counting, { output: join(folder, "b"), parameters });
  expect(digestOf({ ...resumed, metrics: {} })).toBe(digestOf({ ...unbroken, metrics: {} }));
});

test("a second signal ends the process at once", async () => {
  const { code, text } = await program(["--out", "a", "--to", "2", "--pace", "60000"], {
    started: signalOnce(".scratch/a", "SIGINT"),
    said: (child, said) => {
      if (!said.includes("once more")) return;
      child.kill("SIGINT"); // An echo of the first.
      setTimeout(() => child.kill("SIGINT"), 400);
    },
  });
  expect(code).toBe(130);
  expect(text).toBe("count: stopping; once more stops at once\n");
});
