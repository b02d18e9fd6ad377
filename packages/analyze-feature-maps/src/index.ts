export {
  Activations,
  type Bars,
  type Distribution,
  type MomentName,
  weightsOf,
} from "./activations.ts";
export { type Answer, background, KindSums } from "./answers.ts";
export { ownComponents } from "./draw-maps.ts";
export { analyse, type LayerFindings, type Overlaps, overlapsOf, type Wishes } from "./findings.ts";
export { chooseLayers, type LayerChoice } from "./layers.ts";
export { type Look, type Looking, looks } from "./look.ts";
export { Roughness } from "./roughness.ts";
export { openScatter, type ScatterSum } from "./scatter.ts";
export { stage } from "./stage.ts";
export { type LayerShape, type Study, shapesOf } from "./study.ts";
export { isAtBorder, overlap, steps, subjectSide, ThresholdCurve } from "./subject.ts";
export { borderDistances, type Grid, type PatchTruth, patchMeans, truthAt } from "./truth.ts";
