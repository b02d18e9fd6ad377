export {
  type Confidence,
  type Fit,
  fitConfidence,
  heuristic,
  heuristics,
  type Labelled,
} from "./confidence.ts";
export { type Crop, cropped, type Shortened, withoutEachWord } from "./debug.ts";
export { type Cosines, type Gap, modalityGap } from "./gap.ts";
export { type Names, nameDirections, namesKept } from "./names.ts";
export { ensembled, promptsOf, type TemplateList, templateLists } from "./prompts.ts";
export { type Recall, recall, recallRanks } from "./retrieval.ts";
export { type Found, type SearchOptions, search, softmaxAt } from "./search.ts";
export { stage } from "./stage.ts";
export { classify, type ZeroShot } from "./zero-shot.ts";
