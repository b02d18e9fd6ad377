/**
 * Arrow columns from flat typed arrays and back, without an object a row. Columns share memory with the
 * arrays they are made of; arrays made of columns share memory where a column lies in one piece.
 */
import {
  Binary,
  Bool,
  type Data,
  DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  makeVector,
  Precision,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { ArtifactError } from "./error.ts";
import type { NumericArray } from "./tensor.ts";

/** What a column can be made of. Texts may be missing; numbers may not. */
export type Column = Vector | NumericArray | readonly (string | null | undefined)[] | readonly boolean[];

/** Rows of one width: row i is `values[i * width … (i + 1) * width)`. */
export interface Vectors {
  readonly values: Float32Array;
  readonly width: number;
}

/** Sparse rows: the entries of row i are those from `offsets[i]` to `offsets[i + 1]`. */
export interface Codes {
  readonly offsets: Uint32Array | Int32Array;
  readonly features: Uint16Array | Uint32Array;
  readonly values: Float32Array;
}

/** A table of named columns of one length. */
export function table(columns: Readonly<Record<string, Column>>): Table {
  const named = Object.entries(columns).map(([name, column]) => ({ name, vector: toVector(column) }));
  const length = named[0]?.vector.length ?? 0;
  for (const { name, vector } of named) {
    if (vector.length !== length) {
      throw new RangeError(`column "${name}" has ${vector.length} rows, not ${length}`);
    }
  }
  const schema = new Schema(named.map(({ name, vector }) => fieldOf(name, vector)));
  const type = new Struct(schema.fields);
  const children = named.map(({ vector }) => wholeData(vector));
  return new Table(schema, [new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }))]);
}

/** The same schema for the same kinds of columns, whatever the rows hold: texts alone may be missing. */
function fieldOf(name: string, vector: Vector): Field {
  return new Field(name, vector.type, DataType.isUtf8(vector.type) || vector.nullCount > 0);
}

function toVector(column: Column): Vector {
  if (column instanceof Vector) return column;
  if (ArrayBuffer.isView(column)) return numbers(column as NumericArray);
  const first = column.find((value) => value !== null && value !== undefined);
  return typeof first === "boolean"
    ? bools(column as readonly boolean[])
    : texts(column as readonly string[]);
}

function wholeData(vector: Vector): Data {
  if (vector.data.length === 1) return vector.data[0]!;
  throw new RangeError(`a column in ${vector.data.length} pieces cannot be written; make it of one array`);
}

/** A column of numbers, of the array's own type. */
export function numbers(values: NumericArray): Vector {
  const type = numberType(values);
  return makeVector(makeData({ type, length: values.length, nullCount: 0, data: values } as never));
}

function numberType(values: NumericArray) {
  if (values instanceof Float32Array) return new Float32();
  if (values instanceof Float64Array) return new Float64();
  if (values instanceof Uint8Array) return new Uint8();
  if (values instanceof Uint16Array) return new Uint16();
  if (values instanceof Uint32Array) return new Uint32();
  if (values instanceof BigUint64Array) return new Uint64();
  if (values instanceof Int8Array) return new Int8();
  if (values instanceof Int16Array) return new Int16();
  if (values instanceof Int32Array) return new Int32();
  return new Int64();
}

/** A column of texts; null and undefined are missing. */
export function texts(values: readonly (string | null | undefined)[]): Vector<Utf8> {
  return vectorFromArray(
    values.map((value) => value ?? null),
    new Utf8(),
  );
}

/** A column of files' bytes (pictures, say). */
export function binaries(values: readonly Uint8Array[]): Vector<Binary> {
  return vectorFromArray(values, new Binary());
}

export function bools(values: readonly boolean[]): Vector<Bool> {
  return vectorFromArray(values, new Bool());
}

/** A column of vectors, `FixedSizeList<float32>[width]`; `values` is row-major. */
export function vectors(values: Float32Array, width: number): Vector<FixedSizeList<Float32>> {
  if (!Number.isInteger(width) || width < 1 || values.length % width !== 0) {
    throw new RangeError(`${values.length} values are no rows of ${width}`);
  }
  const type = new FixedSizeList(width, new Field("item", new Float32(), false));
  const child = numbers(values).data[0] as Data<Float32>;
  return makeVector(makeData({ type, length: values.length / width, nullCount: 0, child }));
}

/** A column of lists of `items`: row i holds those from `offsets[i]` to `offsets[i + 1]`. */
export function lists(offsets: ArrayLike<number>, items: Column): Vector<List> {
  const vector = toVector(items);
  const valueOffsets = offsets instanceof Int32Array ? offsets : Int32Array.from(offsets);
  if (valueOffsets.length === 0 || valueOffsets[0] !== 0 || valueOffsets.at(-1) !== vector.length) {
    throw new RangeError(`offsets of a list column go from 0 to its ${vector.length} items`);
  }
  for (let i = 1; i < valueOffsets.length; i++) {
    if (valueOffsets[i]! < valueOffsets[i - 1]!) throw new RangeError(`offset ${i} of a list column falls`);
  }
  const type = new List(fieldOf("item", vector));
  const length = valueOffsets.length - 1;
  return makeVector(makeData({ type, length, nullCount: 0, valueOffsets, child: wholeData(vector) }));
}

/** A column of structs, a field a column. */
export function structs(columns: Readonly<Record<string, Column>>): Vector<Struct> {
  const whole = table(columns);
  return makeVector(whole.batches[0]!.data) as Vector<Struct>;
}

/** A column of sparse codes, `List<struct<feature, value>>`. */
export function codes({ offsets, features, values }: Codes): Vector<List> {
  return lists(offsets, structs({ feature: features, value: values }));
}

/**
 * The column `name` of a table.
 * @throws ArtifactError with the columns there are
 */
export function columnOf(from: Table, name: string): Vector {
  const column = from.getChild(name);
  if (column) return column;
  const there = from.schema.fields.map((field) => field.name).join(", ");
  throw new ArtifactError(`there is no column "${name}" among ${there || "no columns"}`);
}

/**
 * A column of numbers as an array of its own type.
 * @throws ArtifactError where numbers are missing
 */
export function toNumbers(column: Vector): NumericArray {
  if (!DataType.isInt(column.type) && !DataType.isFloat(column.type)) {
    throw new ArtifactError(`a column of numbers is expected, not ${column.type}`);
  }
  if (column.nullCount > 0) throw new ArtifactError(`${column.nullCount} numbers of a column are missing`);
  return joined(column.data.map(valuesOf), column.type.ArrayType as ArrayOf);
}

/** Builders leave room after the last value. */
function valuesOf({ values, length }: Data): NumericArray {
  return (values as NumericArray).subarray(0, length);
}

type ArrayOf = new (length: number) => NumericArray;

function joined(parts: readonly NumericArray[], type: ArrayOf): NumericArray {
  if (parts.length === 1) return parts[0]!;
  const whole = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    (whole as Uint8Array).set(part as Uint8Array, position);
    position += part.length;
  }
  return whole;
}

/** A column of numbers as float32. */
export function toFloats(column: Vector): Float32Array {
  const values = toNumbers(column);
  return values instanceof Float32Array ? values : Float32Array.from(values as Float64Array, Number);
}

/** A column of texts; null where one is missing. */
export function toTexts(column: Vector): (string | null)[] {
  const type = DataType.isDictionary(column.type) ? column.type.dictionary : column.type;
  if (!DataType.isUtf8(type) && !DataType.isLargeUtf8(type) && !DataType.isNull(type)) {
    throw new ArtifactError(`a column of texts is expected, not ${column.type}`);
  }
  return Array.from({ length: column.length }, (_, i) => column.get(i) as string | null);
}

/** A column of bytes, none missing. */
export function toBinaries(column: Vector): Uint8Array[] {
  if (!DataType.isBinary(column.type) && !DataType.isLargeBinary(column.type))
    throw new ArtifactError(`a column of bytes is expected, not ${column.type}`);
  if (column.nullCount > 0) throw new ArtifactError(`${column.nullCount} values of a column are missing`);
  return Array.from({ length: column.length }, (_, i) => column.get(i) as Uint8Array);
}

export function toBools(column: Vector): boolean[] {
  if (!DataType.isBool(column.type))
    throw new ArtifactError(`a column of bools is expected, not ${column.type}`);
  return Array.from({ length: column.length }, (_, i) => Boolean(column.get(i)));
}

/** Types read from a file are of the base classes, not of `Float32`. */
function isFloat32(type: DataType | undefined): boolean {
  return DataType.isFloat(type) && type.precision === Precision.SINGLE;
}

/** A `FixedSizeList<float32>` column as flat rows. */
export function toVectors(column: Vector): Vectors {
  const { type } = column;
  if (!DataType.isFixedSizeList(type) || !isFloat32(type.children[0]?.type)) {
    throw new ArtifactError(`a column of float32 vectors of one width is expected, not ${type}`);
  }
  const items = new Vector(column.data.map((data) => data.children[0] as Data<Float32>));
  if (column.nullCount > 0) throw new ArtifactError(`${column.nullCount} vectors of a column are missing`);
  return { values: toFloats(items), width: type.listSize };
}

/** A list column: offsets from 0, and the items that they cut up. */
export function toLists(column: Vector): { offsets: Int32Array; items: Vector } {
  if (!DataType.isList(column.type))
    throw new ArtifactError(`a column of lists is expected, not ${column.type}`);
  if (column.nullCount > 0) throw new ArtifactError(`${column.nullCount} lists of a column are missing`);
  const offsets = new Int32Array(column.length + 1);
  const pieces: Data[] = [];
  let row = 0;
  let total = 0;
  for (const data of column.data as readonly Data<List>[]) {
    const { valueOffsets, length } = data;
    const start = valueOffsets[0] ?? 0;
    for (let i = 1; i <= length; i++) offsets[++row] = total + valueOffsets[i]! - start;
    const count = (valueOffsets[length] ?? start) - start;
    pieces.push(data.children[0]!.slice(start, count));
    total += count;
  }
  return { offsets, items: new Vector(pieces) };
}

/** A field of a struct column. */
export function fieldOfStruct(column: Vector, name: string): Vector {
  const field = DataType.isStruct(column.type) ? column.getChild(name as never) : null;
  if (!field)
    throw new ArtifactError(`a column of structs with a field "${name}" is expected, not ${column.type}`);
  return field;
}

/** A column of sparse codes as flat arrays; features keep their type. */
export function toCodes(column: Vector): Codes {
  const { offsets, items } = toLists(column);
  const features = toNumbers(fieldOfStruct(items, "feature"));
  if (!(features instanceof Uint16Array || features instanceof Uint32Array)) {
    throw new ArtifactError(`features of codes are uint16 or uint32, not ${column.type}`);
  }
  return { offsets, features, values: toFloats(fieldOfStruct(items, "value")) };
}
