/** Runs one task of a plan in this process. */
import { type CommandContext, runStage } from "@optogram/cli";
import type { Pipeline } from "./pipeline.ts";
import type { Task } from "./plan.ts";
import { loadStage } from "./stages.ts";

/**
 * Runs `task`, one of `tasks`, whose inputs must be there already.
 * @throws UserError, ArtifactError, and the errors of the stage's packages
 */
export async function runTask(
  task: Task,
  tasks: readonly Task[],
  pipeline: Pipeline,
  context: CommandContext,
): Promise<void> {
  const outputs = new Map(tasks.map(({ name, output }) => [name, output]));
  const images = task.images === undefined ? {} : { images: pipeline.images[task.images] };
  await runStage(await loadStage(task.kind), {
    ...context,
    parameters: { ...task.parameters, ...images },
    inputs: Object.fromEntries(
      Object.entries(task.inputs).map(([role, names]) => [
        role,
        names.map((name) => outputs.get(name) as string),
      ]),
    ),
    output: task.output,
    images: pipeline.images,
    ...(task.encoder === undefined ? {} : { encoder: task.encoder }),
  });
}
