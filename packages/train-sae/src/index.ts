export {
  type Autoencoder,
  auxiliaryError,
  decode,
  keepLargest,
  l1Norm,
  preActivations,
  squaredError,
  tensorNames,
} from "./autoencoder.ts";
export { activeLimit, type CodedCorpus, codeCorpus } from "./code.ts";
export { type Judged, judgeKinds, type KindVerdict, kindsOf, shownKinds, type Truth } from "./judge.ts";
export type { FeatureTable, SaeMetrics } from "./metrics.ts";
export { resample } from "./resample.ts";
export type { Rows } from "./rows.ts";
export { stage } from "./stage.ts";
export { saeStep, type Variant } from "./step.ts";
export { type SaeSettings, type TrainedSae, trainSae } from "./train.ts";
