/**
 * Tensors as plain values, in row-major order. Types that JavaScript has no array for keep their bits:
 * float16 and bfloat16 as `Uint16Array`, bool and the float8 family as `Uint8Array`.
 */

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** Every element type that a tensor can have in this project; safetensors holds `storable` ones only. */
export type DataType =
  | StorableType
  | "string"
  | "complex64"
  | "complex128"
  | "float8e4m3fnuz"
  | "float8e5m2fnuz"
  | "uint4"
  | "int4"
  | "float4e2m1";

export interface Tensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: NumericArray | readonly string[];
}

/** The element types that safetensors holds: their name there, and the array that holds them here. */
export const storable = {
  bool: { code: "BOOL", array: Uint8Array },
  uint8: { code: "U8", array: Uint8Array },
  int8: { code: "I8", array: Int8Array },
  float8e4m3fn: { code: "F8_E4M3", array: Uint8Array },
  float8e5m2: { code: "F8_E5M2", array: Uint8Array },
  uint16: { code: "U16", array: Uint16Array },
  int16: { code: "I16", array: Int16Array },
  float16: { code: "F16", array: Uint16Array },
  bfloat16: { code: "BF16", array: Uint16Array },
  uint32: { code: "U32", array: Uint32Array },
  int32: { code: "I32", array: Int32Array },
  float32: { code: "F32", array: Float32Array },
  uint64: { code: "U64", array: BigUint64Array },
  int64: { code: "I64", array: BigInt64Array },
  float64: { code: "F64", array: Float64Array },
} as const;

export type StorableType = keyof typeof storable;

export function isStorable(dtype: string): dtype is StorableType {
  return Object.hasOwn(storable, dtype);
}
