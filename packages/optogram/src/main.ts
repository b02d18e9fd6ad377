/** The command line: every stage as a subcommand, pipelines, and a server for atlases. */
import { stageCommand } from "@optogram/cli";
import { Command } from "commander";
import { decomposeCommand } from "./decompose-command.ts";
import { encodersCommand } from "./encoders-command.ts";
import { imagesCommand } from "./images-command.ts";
import { pipelineCommand, taskCommand } from "./pipeline-commands.ts";
import { serveCommand } from "./serve.ts";
import { loadStage, stageFacts } from "./stages.ts";

/** The program; of the stages, the package of the one that is asked for is loaded. */
async function createProgram(asked: string | undefined): Promise<Command> {
  const program = new Command("optogram")
    .description("What vision encoders see: stages, pipelines of stages, and the atlas.")
    .helpCommand(false);
  program.commandsGroup("Stages:");
  for (const { kind, summary } of stageFacts.values()) {
    const command =
      kind === asked ? stageCommand(await loadStage(kind)) : new Command(kind).description(summary);
    program.addCommand(command);
  }
  program.commandsGroup("Pipelines and atlases:");
  for (const command of [pipelineCommand(), taskCommand(), serveCommand()]) program.addCommand(command);
  program.commandsGroup("Encoders:");
  program.addCommand(encodersCommand());
  program.commandsGroup("Images:");
  for (const command of [imagesCommand(), decomposeCommand()]) program.addCommand(command);
  return program;
}

const program = await createProgram(process.argv[2]);
await program.parseAsync();
