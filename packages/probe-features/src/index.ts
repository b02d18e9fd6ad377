export { type Curves, curvesOf } from "./curves.ts";
export { type ProbeName, probeNames, type Shot, shotsOf } from "./probe.ts";
export { findSplits, type ProbedThing, type Split, type SplitEnd } from "./splits.ts";
export { stage } from "./stage.ts";
