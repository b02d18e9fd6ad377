export { type CheckpointStore, type FitOptions, type FitReport, fit, type SavedState } from "./fit.ts";
export { History } from "./history.ts";
export { fanInNormal, filledWith, type Normal, normal } from "./initialize.ts";
export { type AdamOptions, adam, adamW, nadam, type Optimizer, type SgdOptions, sgd } from "./optimizers.ts";
export {
  type CyclicOptions,
  constant,
  cosine,
  cyclic,
  linearDecay,
  type OneCycleOptions,
  oneCycle,
  restarted,
  type Schedule,
  warmUp,
} from "./schedules.ts";
export {
  compileTrainingStep,
  DivergedError,
  type StepReport,
  TrainingStep,
  type TrainingStepOptions,
} from "./step.ts";
export { type ParameterOptions, type Variable, Variables } from "./variables.ts";
