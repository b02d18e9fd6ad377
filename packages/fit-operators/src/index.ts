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
export { fitOperators, type Operator, type OperatorName, operatorNames, relativeError } from "./operators.ts";
export { openProductSum, type ProductSum, type TokenProducts } from "./products.ts";
export { agreement, type Character, characterOf, type Shares, sharesOf } from "./spectrum.ts";
