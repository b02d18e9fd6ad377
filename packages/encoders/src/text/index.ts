export { buildDinotxtHead, dinotxtHead, type HeadShape } from "./dinotxt-head.ts";
export { type TextArchitecture, textArchitectureSchema, textPresets } from "./schema.ts";
export { buildTextTower, randomTextWeights, type TextBuildOptions } from "./tower.ts";
