export { type Component, type Decomposition, decompose } from "./decompose.ts";
export {
  type Activation,
  activations,
  codeOf,
  type Dictionary,
  directionOf,
  mixtureDirection,
  rankOf,
  reconstruct,
  strongest,
} from "./dictionary.ts";
export { combination, cosine, dot, norm, orthogonal, slerp, unit } from "./direction.ts";
