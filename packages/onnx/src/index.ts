export { availableDevices, type Device, devices } from "./devices.ts";
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
