/** A model value to the bytes of an ONNX file. */

import { ModelError } from "./error.ts";
import type {
  Attribute,
  Attributes,
  Dimension,
  Graph,
  Model,
  ModelFunction,
  Node,
  ValueInfo,
} from "./model.ts";
import {
  type AttributeProto,
  attributeCodes,
  encodeProto,
  type FunctionProto,
  type GraphProto,
  type Int64,
  type NodeProto,
  type OperatorSetProto,
  type TensorProto,
  type ValueInfoProto,
} from "./schema.ts";
import { byteLengthOf, bytesOf, dataTypes, type Tensor } from "./tensor.ts";

/** Protocol buffers hold at most 2^31 - 1 bytes in one message. */
const messageLimit = 2 ** 31 - 1;

/** Weights that one file can hold beside a graph of any likely size. */
export const weightLimit = messageLimit - 2 ** 26;

/** Bytes of a model's numeric initialisers. */
export function weightBytes(model: Model): number {
  let bytes = 0;
  for (const { dtype, shape } of model.graph.initializers.values()) bytes += byteLengthOf(dtype, shape);
  return bytes;
}

/** How a named initialiser of the main graph is put into the file. */
export type TensorEncoder = (name: string, tensor: Tensor) => TensorProto;

export interface EncodeOptions {
  /** Default: inside the file. */
  readonly initializer?: TensorEncoder;
  /** Further outputs, whose types ONNX Runtime shall find out. */
  readonly untypedOutputs?: readonly string[];
}

/**
 * The bytes of an ONNX file with everything inside it. Throws where they would be more than 2 GiB; `writeModel` then
 * puts the weights beside the file.
 */
export function encodeModel(model: Model, options: EncodeOptions = {}): Uint8Array {
  const { initializer = inlineTensor, untypedOutputs = [] } = options;
  let bytes = 0;
  const counted: TensorEncoder = (name, tensor) => {
    const proto = initializer(name, tensor);
    bytes += proto.raw_data?.byteLength ?? 0;
    if (bytes > messageLimit) {
      throw new ModelError(
        "an ONNX file holds at most 2 GiB; write the model with its weights as external data",
      );
    }
    return proto;
  };
  const graph = graphProto(model.graph, counted);
  const untyped = untypedOutputs.map((name): ValueInfoProto => ({ name }));
  return encodeProto({
    ir_version: int64Of(model.irVersion),
    producer_name: model.producer,
    opset_import: opsetProtos(model.opsets),
    graph: { ...graph, output: [...(graph.output ?? []), ...untyped] },
    functions: model.functions.map(functionProto),
    metadata_props: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
  });
}

/** A tensor with its elements in the file: `raw_data`, or `string_data` for strings. */
export function inlineTensor(name: string, tensor: Tensor): TensorProto {
  const header = tensorHeader(name, tensor);
  if (tensor.dtype === "string") {
    return { ...header, string_data: (tensor.data as readonly string[]).map(utf8) };
  }
  return { ...header, raw_data: bytesOf(tensor) };
}

/** A tensor's name, type and shape without its elements. */
export function tensorHeader(name: string, tensor: Tensor): TensorProto {
  return { name, data_type: dataTypes[tensor.dtype].code, dims: tensor.shape.map(int64Of) };
}

function graphProto(graph: Graph, initializer: TensorEncoder): GraphProto {
  return {
    name: graph.name,
    node: graph.nodes.map(nodeProto),
    initializer: Array.from(graph.initializers, ([name, tensor]) => initializer(name, tensor)),
    input: graph.inputs.map(valueProto),
    output: graph.outputs.map(valueProto),
    value_info: Array.from(graph.values.values(), valueProto),
  };
}

function nodeProto(node: Node): NodeProto {
  return {
    op_type: node.op,
    domain: node.domain,
    name: node.name,
    input: node.inputs,
    output: node.outputs,
    attribute: attributeProtos(node.attributes),
  };
}

function functionProto(called: ModelFunction): FunctionProto {
  return {
    name: called.name,
    domain: called.domain,
    input: called.inputs,
    output: called.outputs,
    attribute: called.attributes,
    attribute_proto: attributeProtos(called.defaults ?? {}),
    node: called.nodes.map(nodeProto),
    opset_import: opsetProtos(called.opsets),
  };
}

function attributeProtos(attributes: Attributes): AttributeProto[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeProto(name, attribute));
}

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  if (attribute.type === "reference") {
    return { name, type: attributeCodes[attribute.of], ref_attr_name: attribute.value };
  }
  const header = { name, type: attributeCodes[attribute.type] };
  switch (attribute.type) {
    case "float":
      return { ...header, f: attribute.value };
    case "int":
      return { ...header, i: int64Of(attribute.value) };
    case "string":
      return { ...header, s: utf8(attribute.value) };
    case "tensor":
      return { ...header, t: inlineTensor("", attribute.value) };
    case "graph":
      return { ...header, g: graphProto(attribute.value, inlineTensor) };
    case "floats":
      return { ...header, floats: attribute.value };
    case "ints":
      return { ...header, ints: attribute.value.map(int64Of) };
    case "strings":
      return { ...header, strings: attribute.value.map(utf8) };
    case "tensors":
      return { ...header, tensors: attribute.value.map((tensor) => inlineTensor("", tensor)) };
    case "graphs":
      return { ...header, graphs: attribute.value.map((graph) => graphProto(graph, inlineTensor)) };
  }
}

function valueProto(value: ValueInfo): ValueInfoProto {
  const elem_type = dataTypes[value.dtype].code;
  const shape = value.shape && { dim: value.shape.map(dimensionProto) };
  return { name: value.name, type: { tensor_type: shape ? { elem_type, shape } : { elem_type } } };
}

function dimensionProto(dimension: Dimension) {
  if (dimension === undefined) return {};
  return typeof dimension === "number" ? { dim_value: int64Of(dimension) } : { dim_param: dimension };
}

function opsetProtos(opsets: Readonly<Record<string, number>>): OperatorSetProto[] {
  return Object.entries(opsets).map(([domain, version]) => ({ domain, version: int64Of(version) }));
}

/** A whole number as int64, saturated at int64's limits (where exporters write "to the end"). */
function int64Of(value: number): Int64 {
  if (!Number.isFinite(value) || !Number.isInteger(value))
    throw new RangeError(`${value} is not a whole number`);
  if (value >= 2 ** 63) return { low: -1, high: 0x7fffffff };
  if (value < -(2 ** 63)) return { low: 0, high: -0x80000000 };
  const bits = BigInt(value);
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(bits >> 32n) };
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
