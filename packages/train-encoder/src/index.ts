export { type Probes, probeKinds } from "./evaluate.ts";
export type { HeldOut } from "./held-out.ts";
export { infonceLoss } from "./infonce.ts";
export { blockMask, keptPlaces, selection } from "./masks.ts";
export type {
  Objective,
  ObjectiveEntry,
  OwnScore,
  Tensors,
  TrainingGraph,
  TrainingLoss,
} from "./objective.ts";
export { type ObjectiveName, objectiveNames, objectives } from "./objectives.ts";
export { averagePrecision, meanIntersectionOverUnion, retrieval } from "./scores.ts";
export { type EncoderSettings, towerOf } from "./settings.ts";
export { sigmoidLoss, unitLength } from "./sigmoid.ts";
export { stage } from "./stage.ts";
export { textTower, tokenize } from "./text.ts";
export type { Seen, Tower } from "./tower.ts";
export { objectiveStep, type TrainedVariables, trainEncoder } from "./train.ts";
export { type VisionShape, visionTower } from "./vision.ts";
