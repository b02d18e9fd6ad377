export { barsFigure } from "./bars.ts";
export { type Comparison, comparisonsOf, significance } from "./comparisons.ts";
export {
  type EncoderFacts,
  type Entry,
  type EntryKind,
  type Evaluation,
  entryKinds,
  type Judge,
  type Measure,
  measuresOf,
} from "./evaluation.ts";
export { checkPairs, type FamilyPair, type FamilyRow, familyRows } from "./families.ts";
export { type Cell, csv, type Grid, latex, markdown } from "./formats.ts";
export { familiesGrid, familiesNumbers, rankingGrid, rankingNumbers } from "./grids.ts";
export { groupsOf } from "./groups.ts";
export { shuffledRows } from "./painters.ts";
export { layersFigure, tokensFigure } from "./points.ts";
export { type RankingRow, rankingOf } from "./ranking.ts";
export { highestPsnr, type Original, type Scorer, scoresBeside } from "./score.ts";
export { stage } from "./stage.ts";
export { checkUnseen } from "./unseen.ts";
