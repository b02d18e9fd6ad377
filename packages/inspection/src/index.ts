export { cardFor, type FilePlace } from "./card.ts";
export { describeInspection } from "./describe.ts";
export { type EmbeddingGuess, type Inspection, inspectModel } from "./inspect.ts";
export type { Obstacle, Obstacles } from "./obstacles.ts";
export { preprocessingFrom } from "./preprocessing.ts";
export type { TokenTensor } from "./tokens.ts";
