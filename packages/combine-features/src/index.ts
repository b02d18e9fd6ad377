export { laidOver, sideBySide } from "./beginnings.ts";
export { middles, type PairPicture } from "./measure.ts";
export { type Candidate, choosePairs, type Meeting, type Pair } from "./pairs.ts";
export { cropSide, crops, overlap, places, type Verdict, verdictOf } from "./places.ts";
export { stage } from "./stage.ts";
