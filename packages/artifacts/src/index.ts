export * from "./columns.ts";
export { ArtifactError, codeOf, messageOf } from "./error.ts";
export * from "./parquet.ts";
export * from "./safetensors.ts";
export type { DataType, NumericArray, StorableType, Tensor } from "./tensor.ts";
