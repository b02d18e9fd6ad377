/**
 * The protocol-buffer messages of ONNX (onnx.proto, IR version 14) that a model for inference can hold.
 * Field numbers and names are the standard's; what training and sharding add is skipped when read.
 */

import protobuf from "protobufjs/light.js";

type FieldSpec = readonly [id: number, type: string, rule?: "repeated" | "packed"];

const messages: Readonly<Record<string, Readonly<Record<string, FieldSpec>>>> = {
  ModelProto: {
    ir_version: [1, "int64"],
    producer_name: [2, "string"],
    graph: [7, "GraphProto"],
    opset_import: [8, "OperatorSetIdProto", "repeated"],
    metadata_props: [14, "StringStringEntryProto", "repeated"],
    functions: [25, "FunctionProto", "repeated"],
  },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  GraphProto: {
    node: [1, "NodeProto", "repeated"],
    name: [2, "string"],
    initializer: [5, "TensorProto", "repeated"],
    input: [11, "ValueInfoProto", "repeated"],
    output: [12, "ValueInfoProto", "repeated"],
    value_info: [13, "ValueInfoProto", "repeated"],
    sparse_initializer: [15, "SparseTensorProto", "repeated"],
  },
  NodeProto: {
    input: [1, "string", "repeated"],
    output: [2, "string", "repeated"],
    name: [3, "string"],
    op_type: [4, "string"],
    attribute: [5, "AttributeProto", "repeated"],
    domain: [7, "string"],
    overload: [8, "string"],
  },
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "TensorProto"],
    g: [6, "GraphProto"],
    floats: [7, "float", "repeated"],
    ints: [8, "int64", "repeated"],
    strings: [9, "bytes", "repeated"],
    tensors: [10, "TensorProto", "repeated"],
    graphs: [11, "GraphProto", "repeated"],
    tp: [14, "TypeProto"],
    type_protos: [15, "TypeProto", "repeated"],
    type: [20, "int32"],
    ref_attr_name: [21, "string"],
    sparse_tensor: [22, "SparseTensorProto"],
    sparse_tensors: [23, "SparseTensorProto", "repeated"],
  },
  FunctionProto: {
    name: [1, "string"],
    input: [4, "string", "repeated"],
    output: [5, "string", "repeated"],
    attribute: [6, "string", "repeated"],
    node: [7, "NodeProto", "repeated"],
    opset_import: [9, "OperatorSetIdProto", "repeated"],
    domain: [10, "string"],
    attribute_proto: [11, "AttributeProto", "repeated"],
    overload: [13, "string"],
  },
  TensorProto: {
    dims: [1, "int64", "repeated"],
    data_type: [2, "int32"],
    segment: [3, "TensorProto_Segment"],
    float_data: [4, "float", "packed"],
    int32_data: [5, "int32", "packed"],
    string_data: [6, "bytes", "repeated"],
    int64_data: [7, "int64", "packed"],
    name: [8, "string"],
    raw_data: [9, "bytes"],
    double_data: [10, "double", "packed"],
    uint64_data: [11, "uint64", "packed"],
    external_data: [13, "StringStringEntryProto", "repeated"],
    data_location: [14, "int32"],
  },
  TensorProto_Segment: { begin: [1, "int64"], end: [2, "int64"] },
  SparseTensorProto: {
    values: [1, "TensorProto"],
    indices: [2, "TensorProto"],
    dims: [3, "int64", "repeated"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"] },
  TypeProto: {
    tensor_type: [1, "TypeProto_Tensor"],
    sequence_type: [4, "TypeProto_Element"],
    map_type: [5, "TypeProto_Map"],
    sparse_tensor_type: [8, "TypeProto_Tensor"],
    optional_type: [9, "TypeProto_Element"],
  },
  TypeProto_Tensor: { elem_type: [1, "int32"], shape: [2, "TensorShapeProto"] },
  TypeProto_Element: { elem_type: [1, "TypeProto"] },
  TypeProto_Map: { key_type: [1, "int32"], value_type: [2, "TypeProto"] },
  TensorShapeProto: { dim: [1, "TensorShapeProto_Dimension", "repeated"] },
  TensorShapeProto_Dimension: { dim_value: [1, "int64"], dim_param: [2, "string"] },
};

/** A 64-bit integer as two halves: what the wire's reader gives and its writer takes. */
export interface Int64 {
  readonly low: number;
  readonly high: number;
}

/** What a message may hold; a field that is not there is an absent property. */
export interface EntryProto {
  key?: string;
  value?: string;
}
export interface OperatorSetProto {
  domain?: string;
  version?: Int64;
}
export interface TensorProto {
  dims?: readonly Int64[];
  data_type?: number;
  segment?: object;
  float_data?: readonly number[];
  int32_data?: readonly number[];
  string_data?: readonly Uint8Array[];
  int64_data?: readonly Int64[];
  name?: string;
  raw_data?: Uint8Array;
  double_data?: readonly number[];
  uint64_data?: readonly Int64[];
  external_data?: readonly EntryProto[];
  data_location?: number;
}
export interface SparseTensorProto {
  values?: TensorProto;
  indices?: TensorProto;
  dims?: readonly Int64[];
}
export interface DimensionProto {
  dim_value?: Int64;
  dim_param?: string;
}
export interface TypeProto {
  tensor_type?: { elem_type?: number; shape?: { dim?: readonly DimensionProto[] } };
  sequence_type?: object;
  map_type?: object;
  sparse_tensor_type?: object;
  optional_type?: object;
}
export interface ValueInfoProto {
  name?: string;
  type?: TypeProto;
}
export interface AttributeProto {
  name?: string;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: readonly number[];
  ints?: readonly Int64[];
  strings?: readonly Uint8Array[];
  tensors?: readonly TensorProto[];
  graphs?: readonly GraphProto[];
  type?: number;
  ref_attr_name?: string;
  sparse_tensor?: SparseTensorProto;
}
export interface NodeProto {
  input?: readonly string[];
  output?: readonly string[];
  name?: string;
  op_type?: string;
  attribute?: readonly AttributeProto[];
  domain?: string;
  overload?: string;
}
export interface GraphProto {
  node?: readonly NodeProto[];
  name?: string;
  initializer?: readonly TensorProto[];
  input?: readonly ValueInfoProto[];
  output?: readonly ValueInfoProto[];
  value_info?: readonly ValueInfoProto[];
  sparse_initializer?: readonly SparseTensorProto[];
}
export interface FunctionProto {
  name?: string;
  input?: readonly string[];
  output?: readonly string[];
  attribute?: readonly string[];
  attribute_proto?: readonly AttributeProto[];
  node?: readonly NodeProto[];
  opset_import?: readonly OperatorSetProto[];
  domain?: string;
  overload?: string;
}
export interface ModelProto {
  ir_version?: Int64;
  producer_name?: string;
  graph?: GraphProto;
  opset_import?: readonly OperatorSetProto[];
  metadata_props?: readonly EntryProto[];
  functions?: readonly FunctionProto[];
}

/** ONNX `AttributeProto.AttributeType`. */
export const attributeCodes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;

function descriptor(): protobuf.INamespace {
  const nested: Record<string, protobuf.IType> = {};
  for (const [message, fields] of Object.entries(messages)) {
    const described: Record<string, protobuf.IField> = {};
    for (const [name, [id, type, rule]] of Object.entries(fields)) {
      const repeated = rule === undefined ? {} : { rule: "repeated", options: { packed: rule === "packed" } };
      described[name] = { id, type, ...repeated };
    }
    nested[message] = { fields: described };
  }
  return { nested };
}

const modelType = protobuf.Root.fromJSON(descriptor()).lookupType("ModelProto");

/** The wire form of a model. */
export function encodeProto(model: ModelProto): Uint8Array {
  return modelType.encode(model).finish();
}

/** Reads the wire form; throws where it is cut short or malformed. Byte fields are views of `bytes`. */
export function decodeProto(bytes: Uint8Array): ModelProto {
  // Only a Buffer is read without copying its byte fields.
  return modelType.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as ModelProto;
}
