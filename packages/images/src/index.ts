export { ciede2000, type Lab, labOf, meanDeltaE } from "./colour-difference.ts";
export { type DecodeOptions, decodeImage } from "./decode.ts";
export { decodeIdx, type IdxFile } from "./idx.ts";
export {
  type Inspection,
  type InspectOptions,
  inspectImages,
  type Size,
  thumbnailSide,
} from "./inspect.ts";
export { imageKeys } from "./keys.ts";
export { type LabelledPixels, readMnistPart } from "./mnist.ts";
export { missingFiles, openImages } from "./open.ts";
export { ImageError, type Picture } from "./picture.ts";
export {
  fitPicture,
  inputLength,
  inputSize,
  type Preprocessing,
  preprocess,
  preprocessingSchema,
  seenPart,
  wantedSide,
} from "./preprocess.ts";
export { catmullRom, type Interpolation, type Region, resize, resizeRegion } from "./resample.ts";
export { type Seen, whatWasSeen } from "./seen.ts";
export { sheetGap, sheetOf, webpOf } from "./sheet.ts";
export { psnr, ssim, ssimWindow } from "./similarity.ts";
export {
  type ImageRecord,
  type ImageSource,
  type ImageSourceSpec,
  imageSourceSchema,
  type KindMask,
  type OpenOptions,
} from "./source.ts";
export { spacedPositions } from "./spaced.ts";
