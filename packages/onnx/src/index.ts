export {
  attributesOf,
  builtOpset,
  float,
  GraphBuilder,
  type OutputType,
  sameShape,
  type TypedModel,
  type TypedNode,
  type Value,
} from "./builder.ts";
export { checkModel } from "./check.ts";
export { availableDevices, type Device, devices } from "./devices.ts";
export { ModelError } from "./error.ts";
export { bfloatToFloat, floatToHalf, halfToFloat } from "./half.ts";
export { inferValues } from "./infer.ts";
export type {
  Attribute,
  Attributes,
  Dimension,
  Graph,
  Model,
  ModelFunction,
  Node,
  Reference,
  ValueInfo,
} from "./model.ts";
export * from "./ops/index.ts";
export { halveWeights, toFloat32 } from "./precision.ts";
export { type DecodeOptions, decodeModel, readModel } from "./read.ts";
export { prefixNames } from "./rename.ts";
export { openSession, type Session, type SessionOptions, type Tensors } from "./session.ts";
export { specialise } from "./specialise.ts";
export { cut, join, prune, tap } from "./surgery.ts";
export {
  byteLengthOf,
  bytesOf,
  type DataType,
  dataTypes,
  float32,
  int64,
  type NumericArray,
  sizeOf,
  type Tensor,
} from "./tensor.ts";
export { availableThreads } from "./threads.ts";
export { upgrade } from "./upgrade.ts";
export { encodeModel } from "./write.ts";
export { type WriteOptions, writeModel } from "./write-file.ts";
