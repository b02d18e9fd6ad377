export { type ContrastiveShape, contrastiveStep, imageTowerModel } from "./contrastive.ts";
export { type Probes, probeKinds } from "./evaluate.ts";
export { sigmoidLoss, unitLength } from "./sigmoid.ts";
export { stage } from "./stage.ts";
export { textTower, tokenize } from "./text.ts";
export { type ContrastiveSettings, contrastiveShape, trainContrastive } from "./train.ts";
export { type VisionShape, visionTower } from "./vision.ts";
