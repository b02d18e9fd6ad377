export { buildDinotxtHead, dinotxtHead, type HeadShape } from "./dinotxt-head.ts";
export { type TextArchitecture, textArchitectureSchema, textPresets } from "./schema.ts";
export { buildTextTower, randomTextWeights, type TextBuildOptions } from "./tower.ts";
export { type TextSide, type TokenizerCard, textSideSchema, tokenizerSchema } from "./card.ts";
export { openTokenizer, type TextTokenizer } from "./tokenizer.ts";
