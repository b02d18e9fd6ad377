/** What the tasks of a pipeline are hashed by. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePipeline, planPipeline, stageFacts } from "@optogram/optogram";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readHouse } from "../house.ts";
import { taskProject } from "../nx-projects.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "projects-"));
  mkdirSync(join(folder, "models/control"), { recursive: true });
  writeFileSync(join(folder, "models/control/card.json"), '{ "weights": "random", "of": "network" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a judge's folder, that of a control's network and the threads count for who names them", () => {
  const pipeline = parsePipeline(
    JSON.stringify({
      title: "T",
      images: { train: { source: "scenes", seed: 1, count: 8 } },
      encoders: ["one"],
      stages: {
        reconstructor: { stage: "train-reconstructor", images: "train", threads: 1 },
        ranking: {
          stage: "evaluate-encoders",
          images: "train",
          from: { reconstructors: "reconstructor" },
          parameters: { judges: ["control", "../outside", ".."] },
        },
      },
    }),
    "f.json",
  );
  const tasks = planPipeline("p", pipeline, stageFacts);
  const house = { ...readHouse(join(import.meta.dirname, "../..")), root: folder };
  const [reconstructor, ranking] = tasks.map((task) => taskProject(task, pipeline, tasks, house));
  const models = (project: typeof ranking) =>
    Object.values(project.targets)[0].inputs.filter(
      (input) => typeof input === "string" && input.startsWith("{workspaceRoot}/models/"),
    );
  const files = (...names: string[]) => names.map((name) => `{workspaceRoot}/models/${name}/**/*`);
  expect(models(ranking)).toEqual(files("one", "control", "network"));
  expect(models(reconstructor)).toEqual(files("one"));
  const runtime = (project: typeof ranking) =>
    Object.values(project.targets)[0].inputs.filter(
      (input) => typeof input !== "string" && "runtime" in input,
    );
  expect(runtime(ranking)).toEqual([{ runtime: 'node tools/fingerprint.js "../outside"' }]);
  expect(runtime(reconstructor)).toEqual([]);

  // What says how many threads it takes runs beside others, and is another task with another number.
  const isShared = ({ targets }: typeof ranking) => Object.values(targets)[0].parallelism;
  expect([reconstructor, ranking].map(isShared)).toEqual([true, false]);
  expect(Object.values(reconstructor.targets)[0].inputs).toContainEqual({
    json: "{workspaceRoot}/pipelines/p.json",
    fields: expect.arrayContaining(["stages.reconstructor.threads"]),
  });
});
