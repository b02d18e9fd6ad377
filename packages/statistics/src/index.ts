export { linearAssignment, type Matching, matchDirections } from "./assignment.ts";
export { auroc, denseAurocs, sparseAurocs } from "./auroc.ts";
export { type BootstrapOptions, bootstrapMean, type Interval, poissonWeights } from "./bootstrap.ts";
export {
  type Calibration,
  calibrate,
  confidence,
  type Reliability,
  type ReliabilityBin,
  reliability,
} from "./calibration.ts";
export { accuracy, knnClassify, type Labelled, type LinearProbe, linearProbe } from "./classify.ts";
export { eigenvalues, type Spectrum } from "./eigenvalues.ts";
export { exactGrid, type Grid, greedyGrid } from "./grid.ts";
export { neighboursKept, trustworthiness } from "./layout.ts";
export { geometricMedian } from "./median.ts";
export { type Metric, type Neighbours, nearestNeighbours, TopRows, unitRows } from "./neighbours.ts";
export { normalTail } from "./normal.ts";
export { type Principal, pca, principalComponents, project, type Scatter } from "./pca.ts";
export {
  leastSquares,
  leastSquaresFromProducts,
  nearestSelfAdjoint,
  orthogonalFromProduct,
  orthogonalProcrustes,
  type Products,
  product,
  type Rotation,
  selfAdjointProcrustes,
} from "./procrustes.ts";
export { proportion, type Share } from "./proportion.ts";
export { Random, seededRandom } from "./random.ts";
export { kendall, pearson, ranks, spearman } from "./ranks.ts";
export { meanRow, rowsOf, stacked } from "./rows.ts";
export { Shape } from "./shape.ts";
export { laplaceCumulative, QuantileSketch } from "./sketch.ts";
export { argsort } from "./sort.ts";
export { checkSparse, type FloatArray, type IndexArray, type SparseRows, transpose } from "./sparse.ts";
export { type PairedT, pairedT, studentTails } from "./student.ts";
export { histogram, Moments, quantiles } from "./summaries.ts";
export { holm, type Wilcoxon, type WilcoxonOptions, wilcoxon } from "./wilcoxon.ts";
