export { type TextSide, type TokenizerCard, textSideSchema, tokenizerSchema } from "./card.ts";
export { type ClosedTextTower, closedTextTower } from "./closed.ts";
export { buildDinotxtHead, dinotxtHead, type HeadShape } from "./dinotxt-head.ts";
export { type TextArchitecture, textArchitectureSchema, textPresets } from "./schema.ts";
export { openTextEncoder, type TextEncoder, type TextEncoderOptions } from "./text-encoder.ts";
export { openTokenizer, type TextTokenizer } from "./tokenizer.ts";
export { buildTextTower, randomTextWeights, type TextBuildOptions } from "./tower.ts";
