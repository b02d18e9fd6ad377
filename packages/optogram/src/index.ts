export { checkPipeline } from "./check.ts";
export { dryRun, type Needs } from "./dry-run.ts";
export { type Judges, judgesOf } from "./judges.ts";
export {
  type Pipeline,
  PipelineError,
  type Problem,
  parsePipeline,
  pipelineSchema,
  type StageEntry,
} from "./pipeline.ts";
export { planPipeline, type StageFacts, type Task } from "./plan.ts";
export { loadStage, stageFacts, stageKinds } from "./stages.ts";
