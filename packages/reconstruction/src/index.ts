export {
  type About,
  aboutFile,
  aboutSchema,
  modelFile,
  seenKeys,
  type TrainedImages,
} from "./artifact.ts";
export { type Colours, coloursOf, normalised } from "./colours.ts";
export { reconstructorModel } from "./export.ts";
export { doublingsOf, gridOf, type Layer, layerSchema, outputOf } from "./layer.ts";
export { checkShape, pictureSize, type ReconstructorShape, reconstruct } from "./network.ts";
export { openPainter, type TokenPainter } from "./painter.ts";
export { bytesOf, planesOf, sized } from "./pictures.ts";
export {
  openReconstructor,
  type Reconstructor,
  type ReconstructorParts,
  readReconstructor,
} from "./reconstructor.ts";
export { reconstructionSchedule, type ScheduleOptions, scheduleNames } from "./schedule.ts";
export { type ReconstructorStep, type ReconstructorStepOptions, reconstructorStep } from "./step.ts";
export { openTokens, type TokenOptions, type TokenReader } from "./tokens.ts";
export { freshReconstructor, type ReconstructorWeights, trainedReconstructor } from "./weights.ts";
