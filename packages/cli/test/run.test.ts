import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, readArtifact, writeArtifact } from "@optogram/artifacts";
import { runStage, type Stage, type StageContext, StoppedError, UserError } from "@optogram/cli";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { counting } from "./counting.ts";

let folder: string;
let output: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "optogram-"));
  folder = made;
  output = join(made, "numbers");
  onTestFinished(() => rm(made, { recursive: true, force: true }));
});

/** The counting stage, doing something else. */
function stageThat(run: (context: StageContext<{ to: number }>) => Promise<void>): Stage<{ to: number }> {
  return { ...counting, run } as unknown as Stage<{ to: number }>;
}

test("a run leaves the artifact, its manifest filled in, and nothing beside it", async () => {
  const before = await runStage(counting, { output: join(folder, "before") });
  const manifest = await runStage(counting, {
    output,
    parameters: { to: 2 },
    inputs: { before: [join(folder, "before")], others: [join(folder, "before")] },
    device: "webgpu",
  });
  const source = { kind: "numbers", digest: digestOf(before) };
  expect(manifest).toMatchObject({
    kind: "numbers",
    stage: "count",
    parameters: { to: 2, pace: 0, order: "up", aloud: true },
    inputs: { before: source, "others.0": source },
    versions: { optogram: expect.stringMatching(/^\d/), zod: expect.stringMatching(/^4\./) },
    device: "webgpu",
  });
  expect((await readArtifact(output, "numbers")).manifest).toEqual(manifest);
  expect((await readdir(folder)).sort()).toEqual(["before", "numbers"]);
});

test.each<[string, object, string]>([
  [
    "bad parameters",
    { parameters: { to: 0 } },
    "bad parameters: to: Too small: expected number to be >0: see optogram count --help",
  ],
  ["unknown parameters", { parameters: { too: 1 } }, 'bad parameters: parameters: Unrecognized key: "too"'],
  ["an unknown role", { inputs: { after: ["a"] } }, 'there is no input "after"; there is before, others'],
  ["two folders for one", { inputs: { before: ["a", "b"] } }, 'input "before" is one folder, not 2'],
])("%s are refused before anything is done", async (_, options, message) => {
  const run = runStage(counting, { output, ...options });
  await expect(run).rejects.toThrow(UserError);
  await expect(run).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual([]);
});

test("a missing input and one of another kind are refused", async () => {
  const inputs = { before: { kind: "numbers", describe: "…" } };
  await expect(runStage({ ...counting, inputs }, { output })).rejects.toThrow(
    'input "before" is missing: a folder of numbers',
  );
  const other = join(folder, "other");
  const description = {
    kind: "letters",
    stage: "spell",
    parameters: {},
    inputs: {},
    versions: {},
    device: "cpu",
  };
  await writeArtifact(other, description, async () => {});
  await expect(runStage(counting, { output, inputs: { before: [other] } })).rejects.toThrow(
    `input "before" is numbers, not letters (${other})`,
  );
});

test("a run that is stopped keeps its scratch folder, and the next one goes on", async () => {
  const controller = new AbortController();
  const steps: string[] = [];
  const progress = {
    note() {},
    phase: () => ({
      advance() {
        steps.push("step");
        if (steps.length === 2) controller.abort();
      },
      done() {},
    }),
  };
  const options = { output, parameters: { to: 5 } };
  await expect(runStage(counting, { ...options, progress, signal: controller.signal })).rejects.toThrow(
    StoppedError,
  );
  expect(existsSync(join(folder, ".scratch/numbers"))).toBe(true);
  expect(existsSync(output)).toBe(false);
  expect((await runStage(counting, options)).metrics.resumedAt).toBe(2);
  expect(await readdir(folder)).toEqual(["numbers"]);
});

test("two runs of one folder do not clash", async () => {
  const slow = stageThat(async (context) => {
    const second = runStage(counting, { output });
    await expect(second).rejects.toThrow(
      `another run is writing this folder (process ${process.pid}) (${output})`,
    );
    await counting.run(context as never);
  });
  await runStage(slow, { output });
  expect(await readdir(folder)).toEqual(["numbers"]);
});

test("the lock of a process that has ended, or of another with its number, is taken over", async () => {
  for (const holder of [`${2 ** 22 + 1} 5`, `${process.ppid} 1`, `${process.pid} 1`, "", "x"]) {
    await writeFile(join(folder, ".numbers.lock"), holder);
    await runStage(counting, { output });
    expect(await readdir(folder)).toEqual(["numbers"]);
  }
});

test("a stage that writes nothing, or something else, is a defect", async () => {
  await expect(
    runStage(
      stageThat(async () => {}),
      { output },
    ),
  ).rejects.toThrow("holds no artifact");
  const other = stageThat(({ output, description }) =>
    writeArtifact(output, { ...description, kind: "letters" }, async () => {}).then(() => {}),
  );
  await expect(runStage(other, { output })).rejects.toThrow("count left letters by count");
});
