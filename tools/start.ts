/** `npm start`: runs a pipeline through Nx with one display, says what it made, and serves the atlas. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  checkPipeline,
  PipelineError,
  parsePipeline,
  planPipeline,
  stageFacts,
  type Task,
} from "@optogram/optogram";
import { $, type ProcessPromise } from "zx";
import { createDisplay, type Outcome } from "./display.ts";
import { nxReader } from "./nx-output.ts";
import { describeArtifact } from "./summary.ts";

const root = join(import.meta.dirname, "..");
const usage = `npm start -- [options]

  --pipeline NAME  the pipeline in pipelines/NAME.json to run (demo)
  --no-serve       end when the artifacts are there
  --port NUMBER    where to serve the atlas; the next free port is taken (4180)
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      pipeline: { type: "string", default: "demo" },
      serve: { type: "boolean", default: true },
      port: { type: "string", default: "4180" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const file = `pipelines/${values.pipeline}.json`;
  const text = await readFile(join(root, file), "utf8").catch(() => {
    throw new PipelineError(file, [{ path: "", message: "there is no such pipeline" }]);
  });
  const pipeline = parsePipeline(text, file);
  const tasks = planPipeline(values.pipeline, pipeline, stageFacts);
  await checkPipeline(pipeline, file);

  console.log(`\n${pipeline.title} (${file})`);
  if (pipeline.description) console.log(pipeline.description);
  console.log(`${tasks.length} tasks for ${pipeline.encoders.join(", ")}:\n`);

  const code = await runTasks(values.pipeline, tasks);
  if (code !== 0) return code;

  console.log("\nMade:");
  for (const task of tasks) console.log(`  ${await describeArtifact(root, task)}`);
  const atlas = tasks.find((task) => task.kind === "render-atlas");
  if (!atlas) return 0;
  console.log(`\nThe atlas is in ${atlas.output}.`);
  return values.serve ? serve(join(root, atlas.output), Number(values.port)) : 0;
}

/** Runs the tasks through Nx; its exit code. What is finished stays finished, whatever happens. */
async function runTasks(pipeline: string, tasks: readonly Task[]): Promise<number> {
  const kinds = [...new Set(tasks.map((task) => task.kind))];
  const hasPage = kinds.includes("render-atlas");
  const display = createDisplay(tasks.length + (hasPage ? 1 : 0), process.stdout, () => performance.now());
  const nx = $({
    cwd: root,
    nothrow: true,
    quiet: true,
    stdio: ["ignore", "pipe", "pipe"],
  })`${process.execPath} ${join(root, "node_modules/nx/dist/bin/nx.js")} run-many -p ${`tag:pipeline:${pipeline}`} -t ${kinds} --outputStyle=stream --nxBail`;
  const stopped = stopOnSignal(nx);

  const read = nxReader();
  const other: string[] = [];
  /** What the running tasks said; of those that come from the cache nothing is kept. */
  const running = new Map<string, string[]>();
  const end = (task: string, outcome: Outcome) => {
    display.end(task, outcome);
    running.delete(task);
  };
  const sharing = new Set(tasks.filter((task) => task.threads !== undefined).map((task) => task.name));
  const failed = new Set<string>();
  for await (const line of nx) {
    const event = read(line);
    if (event.kind === "start") {
      // Nx does not say what has ended; what shares the machine with nothing has ended before anything else begins.
      const over = [...running.keys()].filter((task) => !sharing.has(task) || !sharing.has(event.task));
      for (const task of over) end(task, "done");
      display.begin(event.task);
      if (event.cached) display.end(event.task, "cached");
      else running.set(event.task, []);
    } else if (event.kind === "line") {
      // A command begins its lines with the task's name, which the display shows already.
      const text = event.text.replace(`${event.task}: `, "");
      if (text.startsWith("wrote data/")) end(event.task, "done");
      display.say(event.task, text);
      if (text !== "") running.get(event.task)?.push(text);
    } else if (event.kind === "failed") {
      failed.add(event.task);
    } else {
      other.push(event.text);
    }
  }
  const { exitCode, stderr } = await nx;
  const said = [...running].filter(([task]) => failed.has(task)).flatMap(([, lines]) => lines.slice(-20));
  for (const task of running.keys())
    end(task, failed.has(task) ? "failed" : exitCode === 0 ? "done" : "stopped");
  if (stopped()) {
    console.log("\nStopped. What is finished stays; npm start goes on from the last checkpoint.");
    return 130;
  }
  if (exitCode === 0) return 0;
  // In a terminal the failed tasks' lines were overwritten; elsewhere they stand above already.
  const reason = said.length === 0 ? [...other, stderr] : process.stdout.isTTY ? said : [];
  for (const line of reason) console.error(line);
  console.error("\nFailed. What is finished stays; npm start again tries the rest.");
  return 1;
}

/** Hands Ctrl-C on to Nx, which stops its tasks; whether that happened. */
function stopOnSignal(child: ProcessPromise): () => boolean {
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopped = true;
      child.child?.kill(signal);
    });
  }
  return () => stopped;
}

/** Serves the atlas until Ctrl-C. */
async function serve(folder: string, port: number): Promise<number> {
  const { serveAtlas } = await import("@optogram/atlas");
  const { url, close } = await serveAtlas(folder, { port });
  console.log(`\nOpen ${url}   (Ctrl-C ends it)`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await close();
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
