/** The command of a stage, and what every command's run shares: signals, progress, errors, exit codes. */
import { Command, Option } from "commander";
import { describeFailure, StoppedError } from "./errors.ts";
import { parameterFlags } from "./flags.ts";
import { createProgress, type Progress } from "./progress.ts";
import { runStage } from "./run.ts";
import type { Stage, StageInput } from "./stage.ts";

const devices = ["cpu", "webgpu", "cuda", "coreml", "dml", "auto"];

/** `optogram train-sae --features DIR --out DIR --latents 1536 …`: a flag for each input and parameter. */
export function stageCommand<P>(stage: Stage<P>): Command {
  const command = new Command(stage.kind).description(stage.summary);
  command.configureOutput({
    outputError: (text, write) => write(`optogram ${stage.kind}: ${text.replace(/^error: /, "")}`),
  });
  for (const [role, input] of Object.entries(stage.inputs)) command.addOption(inputOption(role, input));
  command.addOption(new Option("--out <folder>", `Folder to write (${stage.writes}).`).makeOptionMandatory());
  const flags = parameterFlags(stage.parameters);
  for (const { options } of flags) for (const option of options) command.addOption(option);
  command.addOption(new Option("--device <device>", "Where to compute (default: cpu)").choices(devices));
  return command.action(async () => {
    const given: Record<string, unknown> = command.opts();
    const value = (name: string) => given[new Option(`--${name}`).attributeName()];
    const parameters = flags.map(({ name, options }) => [name, given[options[0]!.attributeName()]] as const);
    const inputs = Object.keys(stage.inputs).map(
      (role) => [role, [value(role) ?? []].flat() as string[]] as const,
    );
    await runCommand(stage.kind, async ({ progress, signal }) => {
      const manifest = await runStage(stage, {
        parameters: Object.fromEntries(parameters.filter(([, value]) => value !== undefined)),
        inputs: Object.fromEntries(inputs),
        output: given.out as string,
        ...(given.device === undefined ? {} : { device: given.device as string }),
        progress,
        signal,
      });
      progress.note(`wrote ${manifest.kind} to ${given.out}`);
    });
  });
}

function inputOption(role: string, { kind, describe, optional, many }: StageInput): Option {
  const option = new Option(`--${role} <folder${many ? "..." : ""}>`, `${describe} (${kind})`);
  return option.makeOptionMandatory(!optional);
}

export interface CommandContext {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** One Ctrl+C may arrive twice: from the terminal, and from the task runner that got it too. */
const echoMilliseconds = 200;

/**
 * Runs what a command does. Progress goes to standard error; the first SIGINT or SIGTERM aborts `signal`, the
 * second ends the process; whatever is thrown becomes one line and an exit code (1: the user can put it right,
 * 2: unexpected, 130: stopped). `OPTOGRAM_DEBUG=1` adds the stack.
 */
export async function runCommand(
  name: string,
  action: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const progress = createProgress({ name, output: process.stderr });
  let stopped = Number.POSITIVE_INFINITY;
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - stopped < echoMilliseconds) return;
      progress.close();
      process.exit(130);
    }
    stopped = performance.now();
    progress.note("stopping; once more stops at once");
    controller.abort(new StoppedError());
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    await action({ progress, signal: controller.signal });
  } catch (error) {
    const { message, exitCode } = describeFailure(error);
    progress.close();
    process.stderr.write(`optogram ${name}: ${message}\n`);
    if (process.env.OPTOGRAM_DEBUG) console.error(error);
    process.exitCode = exitCode;
  } finally {
    progress.close();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
