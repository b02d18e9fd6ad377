/** `optogram pipeline check|run FILE` and `optogram task NAME`, which is what Nx calls. */
import { readFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { type CommandContext, runCommand, UserError } from "@optogram/cli";
import { formatBytes } from "@optogram/hub";
import { Command } from "commander";
import { checkPipeline } from "./check.ts";
import { type Pipeline, PipelineError, parsePipeline } from "./pipeline.ts";
import { planPipeline, type Task } from "./plan.ts";
import { runTask } from "./run-task.ts";
import { stageFacts } from "./stages.ts";

/** As every command runs, but a pipeline's problems are told one a line. */
function run(name: string, action: (context: CommandContext) => Promise<void>): Promise<void> {
  return runCommand(name, async (context) => {
    try {
      await action(context);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  });
}

interface Planned {
  readonly pipeline: Pipeline;
  readonly tasks: readonly Task[];
}

async function readPlan(file: string): Promise<Planned> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(`${file}: there is no such pipeline`);
  });
  const pipeline = parsePipeline(text, file);
  return { pipeline, tasks: planPipeline(basename(file, ".json"), pipeline, stageFacts, file) };
}

export function pipelineCommand(): Command {
  const command = new Command("pipeline").description("Check or run a pipeline file.");
  command
    .command("check")
    .description("Check a pipeline file and list its tasks.")
    .argument("<file>", "such as pipelines/demo.json")
    .action((file: string) =>
      run("pipeline check", async () => {
        const { pipeline, tasks } = await readPlan(file);
        await checkPipeline(pipeline, file);
        for (const task of tasks) console.log(`${task.name}  ${task.kind} -> ${task.output}`);
      }),
    );
  command
    .command("run")
    .description("Run a pipeline's tasks in order, without Nx and its cache.")
    .argument("<file>", "such as pipelines/demo.json")
    .option("--only <tasks...>", "tasks or stages to run, such as tiny-siglip.sae or atlas")
    .option("--dry-run", "say what a run would do and need, without doing it")
    .action((file: string, { only, dryRun }: { only?: string[]; dryRun?: boolean }) =>
      run("pipeline run", async (context) => {
        const { pipeline, tasks } = await readPlan(file);
        if (dryRun) return await showNeeds(pipeline, file, chosenTasks(tasks, only));
        await checkPipeline(pipeline, file);
        for (const task of chosenTasks(tasks, only)) {
          context.progress.note(task.name);
          await runTask(task, tasks, pipeline, context);
        }
      }),
    );
  return command;
}

/** Image sets that are not there fail the command; what can be fetched does not. */
async function showNeeds(pipeline: Pipeline, file: string, tasks: readonly Task[]): Promise<void> {
  const [{ dryRun }, { fileOf }] = await Promise.all([import("./dry-run.ts"), import("./list-encoders.ts")]);
  const { images, remote, absent, encoders } = await dryRun(pipeline, file);
  for (const { name, count } of images) console.log(`images ${name}: ${count}`);
  for (const { name, repo, files } of remote)
    console.log(
      `images ${name}: to fetch from the hub, ${repo}${files === undefined ? "" : `, ${files} files`}`,
    );
  for (const { name, where, login } of encoders) {
    const asks = login && where.place === "hub" ? ", asks for a login" : "";
    console.log(`encoder ${name}: ${fileOf(where)}${asks}`);
  }
  const bytes = encoders.map(({ where }) => (where.place === "hub" ? (where.bytes ?? 0) : 0));
  const total = bytes.reduce((sum, each) => sum + each, 0);
  if (total > 0) console.log(`to fetch as it is needed: about ${formatBytes(total)}`);
  for (const task of tasks) console.log(`${task.name}  ${task.kind} -> ${task.output}`);
  for (const [name, path] of encoders.flatMap((each) => each.bring.map((path) => [each.name, path]))) {
    console.error(`encoder ${name}: ${relative(process.cwd(), path)} is not there; put it there`);
    process.exitCode = 1;
  }
  for (const { name, path } of absent) {
    console.error(
      `${file}: images.${name}.path: ${path} is not there; put the images there, or change the path`,
    );
    process.exitCode = 1;
  }
}

export function taskCommand(): Command {
  return new Command("task")
    .description("Run one task of a pipeline in pipelines/, as Nx does.")
    .argument("<name>", "PIPELINE.ENCODER.STAGE or PIPELINE.STAGE")
    .action((name: string) =>
      run(name, async (context) => {
        const [, owner] = /^([\w-]+)\.[\w.-]+$/.exec(name) ?? [];
        if (owner === undefined)
          throw new UserError(`"${name}" is no name of a task: PIPELINE.ENCODER.STAGE`);
        const file = `pipelines/${owner}.json`;
        const { pipeline, tasks } = await readPlan(file);
        const task = tasks.find((candidate) => candidate.name === name);
        if (!task) throw new UserError(`${file} has no task ${name}; it has ${namesOf(tasks)}`);
        await checkPipeline(pipeline, file, [task.stage]);
        if (task.threads !== undefined) process.env.OPTOGRAM_THREADS = String(task.threads);
        await runTask(task, tasks, pipeline, context);
        context.progress.note(`wrote ${task.output}`);
      }),
    );
}

/** Tasks called by name, by ENCODER.STAGE or by stage; all of them where nothing is asked for. */
function chosenTasks(tasks: readonly Task[], only: readonly string[] | undefined): readonly Task[] {
  if (!only) return tasks;
  const matches = (task: Task, name: string) => [task.name, shortName(task), task.stage].includes(name);
  for (const name of only) {
    if (!tasks.some((task) => matches(task, name))) {
      throw new UserError(`there is no task "${name}"; there are ${namesOf(tasks)}`);
    }
  }
  return tasks.filter((task) => only.some((name) => matches(task, name)));
}

function shortName({ name, pipeline }: Task): string {
  return name.slice(pipeline.length + 1);
}

function namesOf(tasks: readonly Task[]): string {
  return tasks.map(shortName).join(", ");
}
