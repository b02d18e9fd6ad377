/**
 * Nx projects of this workspace: one for each (pipeline, encoder, stage), and targets for the packages.
 *
 * A task's hash covers what can change its artifact and nothing else: its own fields of the pipeline file,
 * its image set, its encoder's files and its judges', the source of its stage and of the packages below, the npm packages
 * those use, and the manifests of the tasks before it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  judgesOf,
  type Pipeline,
  PipelineError,
  parsePipeline,
  planPipeline,
  stageFacts,
  type Task,
} from "@optogram/optogram";
import { closureOf, type House, readHouse } from "./house.ts";

type Input = string | Record<string, unknown>;

interface Target {
  readonly executor: string;
  readonly options: { readonly command: string; readonly cwd?: string };
  readonly cache: boolean;
  /** Whether it runs beside other tasks. */
  readonly parallelism: boolean;
  readonly inputs: readonly Input[];
  readonly outputs?: readonly string[];
  readonly dependsOn?: readonly { readonly projects: readonly string[]; readonly target: string }[];
}

export interface Project {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly targets: Readonly<Record<string, Target>>;
}

/** Projects by their root, for each of `files`: pipelines/NAME.json and packages/NAME/package.json. */
export function readProjects(
  files: readonly string[],
  workspaceRoot: string,
): Record<string, Record<string, Project>> {
  const house = readHouse(workspaceRoot);
  return Object.fromEntries(
    files.map((file) => [
      file,
      file.startsWith("pipelines/")
        ? pipelineProjects(file, readFileSync(join(workspaceRoot, file), "utf8"), house)
        : packageProjects(file.split("/")[1] as string, house),
    ]),
  );
}

/** A broken pipeline must not take the others down: it is reported, and has no tasks. */
function pipelineProjects(file: string, text: string, house: House): Record<string, Project> {
  try {
    const pipeline = parsePipeline(text, file);
    const name = file.slice("pipelines/".length, -".json".length);
    const tasks = planPipeline(name, pipeline, stageFacts);
    return Object.fromEntries(
      tasks.map((task) => [
        ["pipelines", ...task.output.split("/").slice(1)].join("/"),
        taskProject(task, pipeline, tasks, house),
      ]),
    );
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return {};
  }
}

/** The Nx project of one task, whose only target is called after the stage's kind. */
export function taskProject(task: Task, pipeline: Pipeline, tasks: readonly Task[], house: House): Project {
  const sources = Object.values(task.inputs).flat();
  const page = task.kind === "render-atlas" ? [{ projects: ["@optogram/atlas"], target: "build-page" }] : [];
  return {
    name: task.name,
    tags: [
      `pipeline:${task.pipeline}`,
      `stage:${task.kind}`,
      ...(task.encoder ? [`encoder:${task.encoder}`] : []),
    ],
    targets: {
      [task.kind]: {
        executor: "nx:run-commands",
        options: { command: `node packages/optogram/bin/optogram.js task ${task.name}` },
        cache: true,
        parallelism: task.threads !== undefined,
        inputs: [
          ...fileInputs(task, pipeline, house.root),
          ...codeInputs(`@optogram/${task.kind}`, house),
          ...(sources.length > 0 ? [{ dependentTasksOutputFiles: "**/manifest.json" }] : []),
          ...(page.length > 0 ? [{ dependentTasksOutputFiles: "packages/atlas/dist/**/*" }] : []),
        ],
        outputs: [`{workspaceRoot}/${task.output}`],
        dependsOn: [
          ...sources.map((source) => ({
            projects: [source],
            target: (tasks.find((other) => other.name === source) as Task).kind,
          })),
          ...page,
        ],
      },
    },
  };
}

/** What the task reads that is not code: fields of the pipeline file, the encoder, images outside the file. */
function fileInputs(task: Task, pipeline: Pipeline, workspaceRoot: string): Input[] {
  const at = `stages.${task.stage}`;
  const fields = [`${at}.stage`, `${at}.images`, `${at}.from`, `${at}.parameters`, `${at}.threads`];
  if (task.images) fields.push(`images.${task.images}`);
  const judges = judgesOf(task.parameters);
  const encoders = new Set([...(task.encoder ? [task.encoder] : pipeline.encoders), ...judges.names]);
  const images = task.images ? pipeline.images[task.images]?.path : undefined;
  const outside = [...(typeof images === "string" ? [images] : []), ...judges.paths];
  return [
    { json: `{workspaceRoot}/pipelines/${task.pipeline}.json`, fields },
    ...[...encoders]
      .flatMap((encoder) => modelFolders(encoder, workspaceRoot))
      .flatMap((folder) => [`{workspaceRoot}/${folder}/**/*`, `!{workspaceRoot}/${folder}/**/*.md`]),
    ...outside.map((path) => ({ runtime: `node tools/fingerprint.js ${JSON.stringify(path)}` })),
  ];
}

/** The encoder's folder, and for a control with random weights that of the encoder whose network it has. */
function modelFolders(encoder: string, workspaceRoot: string): string[] {
  const folder = `models/${encoder}`;
  try {
    const { of } = JSON.parse(readFileSync(join(workspaceRoot, folder, "card.json"), "utf8"));
    if (typeof of === "string" && /^[\w.-]+$/.test(of)) return [folder, `models/${of}`];
  } catch {
    // A card that cannot be read is reported by the task that needs it.
  }
  return [folder];
}

/** The package's source, that of every workspace package below it, and the npm packages that they use. */
function codeInputs(name: string, house: House): Input[] {
  const members = closureOf(name, house);
  const external = new Set(members.flatMap((member) => member.external));
  return [
    ...members.flatMap(({ folder }) => [
      `{workspaceRoot}/${folder}/src/**/*`,
      `!{workspaceRoot}/${folder}/src/**/*.test.ts`,
      `!{workspaceRoot}/${folder}/src/**/*.md`,
      `{workspaceRoot}/${folder}/package.json`,
    ]),
    { externalDependencies: [...external].sort() },
  ];
}

/** `nx test NAME` runs one package's tests; the page is the only package with something to build. */
function packageProjects(folder: string, house: House): Record<string, Project> {
  const name = `@optogram/${folder}`;
  const test: Target = {
    executor: "nx:run-commands",
    options: { command: `vitest run packages/${folder}` },
    cache: true,
    parallelism: false,
    inputs: [
      `{workspaceRoot}/packages/${folder}/**/*`,
      "{workspaceRoot}/vitest.config.ts",
      ...codeInputs(name, house).filter(
        (input) => typeof input === "string" || "externalDependencies" in input,
      ),
    ],
  };
  const buildPage: Target = {
    executor: "nx:run-commands",
    options: { command: "vite build", cwd: "packages/atlas" },
    cache: true,
    parallelism: false,
    inputs: [
      "{projectRoot}/**/*",
      // The one package whose code the page shares.
      "{workspaceRoot}/packages/dictionary/src/**/*",
      "!{projectRoot}/**/*.test.{ts,tsx}",
      "!{projectRoot}/test/**/*",
      "!{projectRoot}/**/*.md",
      "{workspaceRoot}/tsconfig.base.json",
      { externalDependencies: house.packages.get(name)?.external ?? [] },
    ],
    outputs: ["{projectRoot}/dist"],
  };
  return {
    [`packages/${folder}`]: { targets: folder === "atlas" ? { test, "build-page": buildPage } : { test } },
  };
}

if (import.meta.main) {
  const [workspaceRoot, ...files] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(readProjects(files, workspaceRoot as string)));
}
