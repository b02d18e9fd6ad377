export { architectureOf } from "./architecture-card.ts";
export * from "./architectures/index.ts";
export {
  type Card,
  type CardFile,
  cardFileSchema,
  cardSchema,
  type RandomCard,
  randomCardSchema,
  type TokensOutput,
} from "./card.ts";
export {
  type Encoder,
  type EncoderOptions,
  type EncoderParts,
  openEncoder,
  type ReadOptions,
  readEncoder,
} from "./encoder.ts";
export { EncoderError } from "./error.ts";
export { type EncoderNetwork, findFiles } from "./network.ts";
export { encoderGraph, type OutputName } from "./outputs.ts";
export { randomised } from "./randomise.ts";
export { encoderNames, type ResolvedCard, readCard } from "./read-card.ts";
export * from "./text/index.ts";
export { readWeights } from "./weights/read.ts";
export { filesToBring, type Whereabouts, whereabouts } from "./where.ts";
