export { type CommandContext, runCommand, stageCommand } from "./command.ts";
export { describeFailure, type Failure, StoppedError, UserError } from "./errors.ts";
export { createProgress, type Output, type Phase, type Progress, silent } from "./progress.ts";
export { type RunOptions, runStage } from "./run.ts";
export { parseSpecification } from "./specification.ts";
export type { Stage, StageContext, StageInput } from "./stage.ts";
