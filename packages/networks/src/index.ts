export { type ConvNeXtShape, channelsFirst, channelsLast, convNeXt } from "./convnext.ts";
export { freeBatch } from "./free-batch.ts";
export { linear, norm, type TransformerShape, transformer } from "./transformer.ts";
export { averagedWeights, sharedWeights, storedWeights, trainedWeights, type Weights } from "./weights.ts";
