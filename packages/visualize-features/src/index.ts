export { type Ascent, type AscentOptions, openAscent, type Painted, paintDirections } from "./ascent.ts";
export { decoderModel } from "./decoder/export.ts";
export { type DecoderShape, decoderSides } from "./decoder/network.ts";
export { type Decoder, openDecoder } from "./decoder/paint.ts";
export {
  type DecoderData,
  type DecoderSettings,
  type TrainedDecoder,
  trainDecoder,
} from "./decoder/train.ts";
export { combination, featureDirection, slerp, unit } from "./directions.ts";
export { type Judge, openJudge } from "./judge.ts";
export { featureActivations, featureResponses, freshCosines, rankOf } from "./measure.ts";
export * from "./painters/index.ts";
export { stage } from "./stage.ts";
export { mildViews, plainViews, type ViewRanges } from "./views.ts";
