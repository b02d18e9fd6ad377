export {
  association,
  Coactivation,
  type CoactivationNeighbours,
  type CoactivationRow,
  coactivationNeighbours,
  lift,
  pointwiseMutualInformation,
} from "./coactivation.ts";
export { type LayoutProgress, type NeighbourTable, spectralStart, umapLayout } from "./layout.ts";
export {
  type CoactivationMap,
  computeMap,
  type MapInput,
  type MapMetrics,
  type MapParameters,
  type MapProgress,
  type SimilarFeatures,
} from "./map.ts";
export { findRegions, kMeans, type Region, type Regions } from "./regions.ts";
export { stage } from "./stage.ts";
export { type FeatureSummaries, histogramBins, summarise, type Tops, topImages } from "./summaries.ts";
export { captionWords, featureTags, type ImageTags, imageTags } from "./tags.ts";
