export { type ContrastiveShape, contrastiveStep, imageTowerModel } from "./contrastive.ts";
export { type Probes, probeKinds } from "./evaluate.ts";
export { sigmoidLoss, unitLength } from "./sigmoid.ts";
export { stage } from "./stage.ts";
export { textTower, tokenize } from "./text.ts";
export { type ContrastiveSettings, contrastiveShape, trainContrastive } from "./train.ts";
export { type TransformerShape, transformer } from "./transformer.ts";
export { type VisionShape, visionTower } from "./vision.ts";
export { storedWeights, trainedWeights, type Weights } from "./weights.ts";
