export { openTokenMap, type TokenMap } from "./apply.ts";
export {
  asIs,
  type Change,
  type ColourMatrix,
  changes,
  colourMatrixSchema,
  hueMatrix,
  mirror,
  mirrorTokens,
  type OwnChange,
  ownChange,
  ownChangeSchema,
  type PixelMap,
  recolour,
  type Theory,
} from "./changes.ts";
export {
  distances,
  type Judged,
  judgeOperators,
  type Painter,
  type Score,
  type Shown,
  scoreOf,
  standards,
} from "./judge.ts";
export { fitOperators, type Operator, type OperatorName, operatorNames, relativeError } from "./operators.ts";
export { type Pair, pairReader, type Reader } from "./pairs.ts";
export { openProductSum, type ProductSum, type TokenProducts } from "./products.ts";
export { agreement, type Character, characterOf, type Shares, sharesOf } from "./spectrum.ts";
export { type Split, splitImages } from "./split.ts";
export { stage } from "./stage.ts";
