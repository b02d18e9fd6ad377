export { type Ascent, type AscentOptions, openAscent, type Painted, paintDirections } from "./ascent.ts";
export type { Vectors } from "./decoder/draw.ts";
export { drawnViews } from "./decoder/drawn-views.ts";
export { type Exemplars, exemplarDecoder } from "./decoder/exemplars.ts";
export { decoderModel } from "./decoder/export.ts";
export { type DecoderShape, decoderSides, largestSide } from "./decoder/network.ts";
export { type Decoder, openDecoder } from "./decoder/paint.ts";
export {
  type DecoderData,
  type DecoderSettings,
  type TrainedDecoder,
  trainDecoder,
} from "./decoder/train.ts";
export { embeddingGraph, type Judge, type Network, openJudge } from "./judge.ts";
export { liveEncoder } from "./live.ts";
export { freshCosines, rowCosines } from "./measure.ts";
export { normalise } from "./normalise.ts";
export { embed } from "./objective.ts";
export * from "./painters/index.ts";
export { painterNames, painterOf } from "./painters/named.ts";
export { interleaved, type PhotoReader, photoReader } from "./photos.ts";
export {
  applyViews,
  drawView,
  interpolationMatrix,
  mildViews,
  plainViews,
  type View,
  type ViewFeeds,
  type ViewRanges,
  type ViewShape,
  viewFeeder,
  viewInputs,
} from "./views.ts";
