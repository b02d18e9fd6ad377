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
export { type DecodeOptions, decodeModel, readModel } from "./read.ts";
export { openSession, type Session, type SessionOptions, type Tensors } from "./session.ts";
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
export { encodeModel } from "./write.ts";
