/**
 * Tensors as plain values. Names of element types are ONNX Runtime's.
 *
 * Types that JavaScript has no array for keep their bits: float16 and bfloat16 as `Uint16Array`, bool and the
 * float8 family as `Uint8Array`, the packed 4-bit types as `Uint8Array` of two elements a byte.
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

/** ONNX `TensorProto.DataType`: number, array that holds it, bits an element. */
export const dataTypes = {
  float32: { code: 1, array: Float32Array, bits: 32 },
  uint8: { code: 2, array: Uint8Array, bits: 8 },
  int8: { code: 3, array: Int8Array, bits: 8 },
  uint16: { code: 4, array: Uint16Array, bits: 16 },
  int16: { code: 5, array: Int16Array, bits: 16 },
  int32: { code: 6, array: Int32Array, bits: 32 },
  int64: { code: 7, array: BigInt64Array, bits: 64 },
  string: { code: 8, array: undefined, bits: 0 },
  bool: { code: 9, array: Uint8Array, bits: 8 },
  float16: { code: 10, array: Uint16Array, bits: 16 },
  float64: { code: 11, array: Float64Array, bits: 64 },
  uint32: { code: 12, array: Uint32Array, bits: 32 },
  uint64: { code: 13, array: BigUint64Array, bits: 64 },
  complex64: { code: 14, array: Float32Array, bits: 64 },
  complex128: { code: 15, array: Float64Array, bits: 128 },
  bfloat16: { code: 16, array: Uint16Array, bits: 16 },
  float8e4m3fn: { code: 17, array: Uint8Array, bits: 8 },
  float8e4m3fnuz: { code: 18, array: Uint8Array, bits: 8 },
  float8e5m2: { code: 19, array: Uint8Array, bits: 8 },
  float8e5m2fnuz: { code: 20, array: Uint8Array, bits: 8 },
  uint4: { code: 21, array: Uint8Array, bits: 4 },
  int4: { code: 22, array: Uint8Array, bits: 4 },
  float4e2m1: { code: 23, array: Uint8Array, bits: 4 },
} as const;

export type DataType = keyof typeof dataTypes;

/** A tensor in row-major order. `data` holds as many elements as `shape` says (complex types: twice as many). */
export interface Tensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: NumericArray | readonly string[];
}

/** The product of a shape's sizes; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A float32 tensor; `data` may be any list of numbers. */
export function float32(data: ArrayLike<number>, shape: readonly number[] = [data.length]): Tensor {
  return { dtype: "float32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** An int64 tensor; `data` in JavaScript numbers. */
export function int64(data: ArrayLike<number>, shape: readonly number[] = [data.length]): Tensor {
  return { dtype: "int64", shape, data: BigInt64Array.from(Array.from(data), BigInt) };
}

/** Bytes that `shape` takes up; not for strings. The packed 4-bit types fill the last byte. */
export function byteLengthOf(dtype: DataType, shape: readonly number[]): number {
  return Math.ceil((sizeOf(shape) * dataTypes[dtype].bits) / 8);
}

/** A numeric tensor's elements as they lie in memory (little-endian), not copied. */
export function bytesOf(tensor: Tensor): Uint8Array {
  const { data, dtype, shape } = tensor;
  if (!ArrayBuffer.isView(data)) throw new TypeError("a tensor of strings has no bytes");
  const expected = byteLengthOf(dtype, shape);
  if (data.byteLength !== expected) {
    throw new RangeError(`a ${dtype} tensor [${shape}] takes ${expected} bytes, not ${data.byteLength}`);
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
