export { type BuildOptions, buildArchitecture, randomWeights, traceArchitecture } from "./build.ts";
export { attentionBytes, type Layout, layoutOf, nearestSize, type Size } from "./layout.ts";
export type { Parameters, Role, Weights } from "./parameters.ts";
export { presets } from "./presets.ts";
export { type Architecture, architectureSchema, type Family } from "./schema.ts";
