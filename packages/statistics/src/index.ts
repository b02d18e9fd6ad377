export { auroc, denseAurocs, sparseAurocs } from "./auroc.ts";
export { accuracy, knnClassify, type Labelled, type LinearProbe, linearProbe } from "./classify.ts";
export { geometricMedian } from "./median.ts";
export { type Metric, type Neighbours, nearestNeighbours, unitRows } from "./neighbours.ts";
export { Random, seededRandom } from "./random.ts";
export { argsort } from "./sort.ts";
export { checkSparse, type FloatArray, type IndexArray, type SparseRows, transpose } from "./sparse.ts";
