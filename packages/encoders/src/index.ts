export * from "./architectures/index.ts";
export {
  type Card,
  cardSchema,
  EncoderError,
  type RandomCard,
  type ResolvedCard,
  randomCardSchema,
  readCard,
  type TokensOutput,
} from "./card.ts";
export { type Encoder, type EncoderOptions, type EncoderParts, openEncoder, readEncoder } from "./encoder.ts";
export { encoderGraph, type OutputName } from "./outputs.ts";
export { randomised } from "./randomise.ts";
export { readWeights } from "./weights/read.ts";
