/** The many ways in which an ONNX file stores a tensor's elements, as one. */

import { ModelError } from "./error.ts";
import { type ExternalPlace, readExternal } from "./external.ts";
import type { Int64, SparseTensorProto, TensorProto } from "./schema.ts";
import { byteLengthOf, type DataType, dataTypes, type NumericArray, type Tensor } from "./tensor.ts";

/** A dense tensor made from a sparse one takes at most this many bytes: the file's size does not bound it. */
const denseLimit = 2 ** 31;

const typesByCode = new Map(
  Object.entries(dataTypes).map(([name, { code }]) => [code as number, name as DataType]),
);

/** The element type of a code in a file. */
export function dataTypeOf(code: number, what: string): DataType {
  const dtype = typesByCode.get(code);
  if (dtype === undefined)
    throw new ModelError(`${what} has the element type ${code}, which is not known here`);
  return dtype;
}

/** A tensor from the file; `place` is where external data may lie. Elements may be a view of the file's bytes. */
export function decodeTensor(proto: TensorProto, what: string, place: ExternalPlace | undefined): Tensor {
  const dtype = dataTypeOf(proto.data_type ?? 0, what);
  const shape = decodeShape(proto.dims ?? [], what);
  if (proto.segment) throw new ModelError(`${what} is stored in segments, which is not supported`);
  if (dtype === "string") {
    const data = (proto.string_data ?? []).map((bytes) => textOf(bytes, what));
    expectLength(data.length, shape, dtype, what);
    return { dtype, shape, data };
  }
  if (proto.data_location === 1) {
    const bytes = readExternal(place, proto.external_data ?? [], byteLengthOf(dtype, shape), what);
    return { dtype, shape, data: fromBytes(dtype, bytes) };
  }
  if (Object.hasOwn(proto, "raw_data")) {
    const bytes = proto.raw_data ?? new Uint8Array();
    const expected = byteLengthOf(dtype, shape);
    if (bytes.byteLength !== expected) {
      throw new ModelError(
        `${what} (${dtype} [${shape}]) takes ${expected} bytes, the file has ${bytes.byteLength}`,
      );
    }
    return { dtype, shape, data: fromBytes(dtype, bytes) };
  }
  const data = fromFields(dtype, proto);
  expectLength(data.length, shape, dtype, what);
  return { dtype, shape, data };
}

/** A sparse tensor with its zeros written out. Indices count elements ([n]) or name places ([n, rank]). */
export function decodeSparse(
  proto: SparseTensorProto,
  what: string,
  place: ExternalPlace | undefined,
): Tensor {
  if (!proto.values || !proto.indices)
    throw new ModelError(`${what} is a sparse tensor without values or indices`);
  const values = decodeTensor(proto.values, what, place);
  const indices = decodeTensor(proto.indices, `the indices of ${what}`, place);
  const shape = decodeShape(proto.dims ?? [], what);
  const { dtype } = values;
  const { array, bits } = dataTypes[dtype];
  if (array === undefined || bits < 8 || dtype.startsWith("complex")) {
    throw new ModelError(`${what} is a sparse tensor of ${dtype}, which is not supported`);
  }
  if (byteLengthOf(dtype, shape) > denseLimit) {
    throw new ModelError(
      `${what} is a sparse tensor [${shape}], more than 2 GiB when its zeros are written out`,
    );
  }
  if (!(indices.data instanceof BigInt64Array)) throw new ModelError(`the indices of ${what} are not int64`);
  const count = values.data.length;
  const perElement = indices.shape.length === 2 ? shape.length : 1;
  if (values.shape.length !== 1 || indices.data.length !== count * perElement) {
    throw new ModelError(`${what} is a sparse tensor with ${count} values and indices [${indices.shape}]`);
  }
  const dense: NumericArray = new array(shape.reduce((a, b) => a * b, 1));
  const steps = perElement === 1 && indices.shape.length !== 2 ? [1] : stepsOf(shape);
  const limits = indices.shape.length === 2 ? shape : [dense.length];
  for (let i = 0; i < count; i++) {
    let at = 0;
    for (let axis = 0; axis < perElement; axis++) {
      const index = Number(indices.data[i * perElement + axis]);
      if (index < 0 || index >= (limits[axis] ?? 0))
        throw new ModelError(`${what} has a sparse index out of range`);
      at += index * (steps[axis] ?? 1);
    }
    dense[at] = values.data[i] as number;
  }
  return { dtype, shape, data: dense };
}

/** The number that a file's int64 stands for; beyond 2^53 the nearest. */
export function numberOf({ low, high }: Int64): number {
  return high * 2 ** 32 + (low >>> 0);
}

/** The text of a file's bytes. */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ModelError(`${what} holds bytes that are not UTF-8 text`);
  }
}

function decodeShape(dims: readonly Int64[], what: string): number[] {
  const shape = dims.map(numberOf);
  const valid = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  // The largest element takes 16 bytes; the product stays exact below this.
  if (
    !valid ||
    shape.reduce((product, size) => product * Math.max(size, 1), 1) > Number.MAX_SAFE_INTEGER / 128
  ) {
    throw new ModelError(`${what} has the shape [${shape}], which no tensor can have`);
  }
  return shape;
}

function expectLength(length: number, shape: readonly number[], dtype: DataType, what: string): void {
  const elements = shape.reduce((product, size) => product * size, 1);
  const { bits } = dataTypes[dtype];
  const expected =
    bits === 4 ? Math.ceil(elements / 2) : dtype.startsWith("complex") ? 2 * elements : elements;
  if (length !== expected) {
    throw new ModelError(`${what} (${dtype} [${shape}]) takes ${expected} values, the file has ${length}`);
  }
}

function fromBytes(dtype: DataType, bytes: Uint8Array): NumericArray {
  const array = dataTypes[dtype].array ?? Uint8Array;
  const width = array.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : Uint8Array.from(bytes);
  return new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / width);
}

function fromFields(dtype: DataType, proto: TensorProto): NumericArray {
  switch (dtype) {
    case "float32":
    case "complex64":
      return Float32Array.from(proto.float_data ?? []);
    case "float64":
    case "complex128":
      return Float64Array.from(proto.double_data ?? []);
    case "int64":
      return new BigInt64Array(halves(proto.int64_data ?? []).buffer);
    case "uint64":
      return new BigUint64Array(halves(proto.uint64_data ?? []).buffer);
    case "uint32":
      return Uint32Array.from(proto.uint64_data ?? [], ({ low }) => low >>> 0);
    default: {
      const array = dataTypes[dtype].array ?? Uint8Array;
      return (array as typeof Int32Array).from(proto.int32_data ?? []);
    }
  }
}

function halves(values: readonly Int64[]): Int32Array<ArrayBuffer> {
  const pairs = new Int32Array(2 * values.length);
  values.forEach(({ low, high }, i) => {
    pairs[2 * i] = low;
    pairs[2 * i + 1] = high;
  });
  return pairs;
}

function stepsOf(shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (const size of shape.toReversed()) {
    steps.unshift(step);
    step *= size;
  }
  return steps;
}
