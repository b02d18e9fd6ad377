/** The bytes of an ONNX file to a model value, with the differences between exporters taken out. */

import { readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { checkModel } from "./check.ts";
import { dataTypeOf, decodeSparse, decodeTensor, numberOf, textOf } from "./elements.ts";
import { describe, ModelError, reasonOf } from "./error.ts";
import type { ExternalPlace } from "./external.ts";
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
  decodeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetProto,
  type ValueInfoProto,
} from "./schema.ts";
import type { Tensor } from "./tensor.ts";

const attributeTypes = new Map(
  Object.entries(attributeCodes).map(([name, code]) => [code as number, name as keyof typeof attributeCodes]),
);

export interface DecodeOptions {
  /** The folder that the model's external data lies in; without it a model that has such data is refused. */
  readonly folder?: string;
  /** The folder that the model's file is a symbolic link into, as in a cache: its data may be linked there too. */
  readonly linked?: string;
}

/** Reads and checks an ONNX file and its external data. Errors are one line that begins with the path. */
export async function readModel(path: string): Promise<Model> {
  try {
    const { size } = await stat(path);
    if (size >= 2 ** 31) throw new ModelError("more than 2 GiB, which no ONNX file can be");
    const linked = dirname(await realpath(path));
    return decodeModel(await readFile(path), { folder: dirname(path), linked });
  } catch (error) {
    throw new ModelError(`${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * The model in the bytes of an ONNX file, checked (`checkModel`). Tensors may share memory with `bytes`. Inputs that
 * have an initialiser (the style of IR version 3) are no longer inputs; sparse initialisers become dense; information
 * on inner values that are not tensors is dropped.
 */
export function decodeModel(bytes: Uint8Array, options: DecodeOptions = {}): Model {
  const proto = parse(bytes);
  if (!proto.graph) throw new ModelError("not an ONNX model: there is no graph in it");
  const reader = new Reader(placeOf(options));
  const graph = reader.graph(proto.graph);
  const model: Model = {
    // From version 4 on an initialiser need not be an input.
    irVersion: Math.max(numberOf(proto.ir_version ?? { low: 0, high: 0 }), 4),
    opsets: opsetsOf(proto.opset_import ?? []),
    producer: proto.producer_name ?? "",
    graph: { ...graph, inputs: graph.inputs.filter(({ name }) => !graph.initializers.has(name)) },
    functions: (proto.functions ?? []).map((called) => reader.function(called)),
    metadata: Object.fromEntries(
      (proto.metadata_props ?? []).map(({ key, value }) => [key ?? "", value ?? ""]),
    ),
  };
  checkModel(model);
  return model;
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return decodeProto(bytes);
  } catch (error) {
    throw new ModelError(`not an ONNX model, or cut short (${reasonOf(error)})`, { cause: error });
  }
}

function placeOf({ folder, linked }: DecodeOptions): ExternalPlace | undefined {
  return folder === undefined ? undefined : { folder, ...(linked !== undefined && { linked }) };
}

/** Decodes what may hold tensors, so needs to know where external data lies. */
class Reader {
  readonly #place: ExternalPlace | undefined;

  constructor(place: ExternalPlace | undefined) {
    this.#place = place;
  }

  graph(proto: GraphProto): Graph {
    const initializers = new Map<string, Tensor>();
    const add = (name: string, tensor: Tensor) => {
      if (initializers.has(name)) throw new ModelError(`there are two initialisers "${name}"`);
      initializers.set(name, tensor);
    };
    for (const tensor of proto.initializer ?? []) {
      const name = tensor.name ?? "";
      add(name, decodeTensor(tensor, `initialiser "${name}"`, this.#place));
    }
    for (const sparse of proto.sparse_initializer ?? []) {
      const name = sparse.values?.name ?? "";
      add(name, decodeSparse(sparse, `initialiser "${name}"`, this.#place));
    }
    const known = new Map<string, ValueInfo>();
    for (const value of proto.value_info ?? []) {
      const info = valueInfo(value);
      if (info !== undefined) known.set(info.name, info);
    }
    const declared = (value: ValueInfoProto, what: string): ValueInfo => {
      const name = value.name ?? "";
      const info = valueInfo(value) ?? known.get(name) ?? initialValue(name, initializers.get(name));
      if (info === undefined)
        throw new ModelError(`${what} "${name}" is not a tensor of a known element type`);
      return info;
    };
    return {
      name: proto.name ?? "",
      nodes: (proto.node ?? []).map((node) => this.node(node)),
      inputs: (proto.input ?? []).map((value) => declared(value, "input")),
      outputs: (proto.output ?? []).map((value) => declared(value, "output")),
      initializers,
      values: known,
    };
  }

  node(proto: NodeProto): Node {
    const op = proto.op_type ?? "";
    const node = { op, name: proto.name ?? "", outputs: proto.output ?? [] };
    const what = describe(node);
    if (proto.overload) throw new ModelError(`${what} calls an overloaded function, which is not supported`);
    return {
      ...node,
      domain: standardDomain(proto.domain ?? ""),
      inputs: proto.input ?? [],
      attributes: this.attributes(proto.attribute ?? [], what),
    };
  }

  function(proto: FunctionProto): ModelFunction {
    const name = proto.name ?? "";
    if (proto.overload) throw new ModelError(`function "${name}" is overloaded, which is not supported`);
    const defaults = this.attributes(proto.attribute_proto ?? [], `function "${name}"`);
    return {
      name,
      domain: standardDomain(proto.domain ?? ""),
      inputs: proto.input ?? [],
      outputs: proto.output ?? [],
      attributes: proto.attribute ?? [],
      ...(Object.keys(defaults).length > 0 ? { defaults } : {}),
      nodes: (proto.node ?? []).map((node) => this.node(node)),
      opsets: opsetsOf(proto.opset_import ?? []),
    };
  }

  attributes(protos: readonly AttributeProto[], what: string): Attributes {
    const entries = protos.map((proto): [string, Attribute] => {
      const name = proto.name ?? "";
      // A Constant's sparse value is the same constant as its dense one.
      if (proto.sparse_tensor && name === "sparse_value") {
        return ["value", { type: "tensor", value: decodeSparse(proto.sparse_tensor, what, this.#place) }];
      }
      return [name, this.attribute(proto, `attribute "${name}" of ${what}`)];
    });
    return Object.fromEntries(entries);
  }

  attribute(proto: AttributeProto, what: string): Attribute {
    const type = attributeTypes.get(proto.type ?? 0);
    if (type === undefined)
      throw new ModelError(`${what} is of type ${proto.type ?? 0}, which is not supported`);
    if (proto.ref_attr_name) return { type: "reference", value: proto.ref_attr_name, of: type };
    const place = this.#place;
    switch (type) {
      case "float":
        return { type, value: proto.f ?? 0 };
      case "int":
        return { type, value: proto.i ? numberOf(proto.i) : 0 };
      case "string":
        return { type, value: textOf(proto.s ?? new Uint8Array(), what) };
      case "tensor":
        if (!proto.t) throw new ModelError(`${what} has no tensor`);
        return { type, value: decodeTensor(proto.t, what, place) };
      case "graph":
        if (!proto.g) throw new ModelError(`${what} has no graph`);
        return { type, value: this.graph(proto.g) };
      case "floats":
        return { type, value: proto.floats ?? [] };
      case "ints":
        return { type, value: (proto.ints ?? []).map(numberOf) };
      case "strings":
        return { type, value: (proto.strings ?? []).map((bytes) => textOf(bytes, what)) };
      case "tensors":
        return { type, value: (proto.tensors ?? []).map((tensor) => decodeTensor(tensor, what, place)) };
      case "graphs":
        return { type, value: (proto.graphs ?? []).map((graph) => this.graph(graph)) };
    }
  }
}

/** What a file says of a value; nothing where it is not a tensor, or its element type is not said. */
function valueInfo(proto: ValueInfoProto): ValueInfo | undefined {
  const tensor = proto.type?.tensor_type;
  const name = proto.name ?? "";
  if (!tensor?.elem_type) return undefined;
  const dtype = dataTypeOf(tensor.elem_type, `"${name}"`);
  if (!tensor.shape) return { name, dtype };
  const shape = (tensor.shape.dim ?? []).map((dimension): Dimension => {
    if (dimension.dim_value && Object.hasOwn(dimension, "dim_value")) {
      const size = numberOf(dimension.dim_value);
      return size < 0 || !Number.isSafeInteger(size) ? undefined : size;
    }
    return dimension.dim_param || undefined;
  });
  return { name, dtype, shape };
}

function initialValue(name: string, tensor: Tensor | undefined): ValueInfo | undefined {
  return tensor && { name, dtype: tensor.dtype, shape: tensor.shape };
}

function opsetsOf(protos: readonly OperatorSetProto[]): Record<string, number> {
  return Object.fromEntries(
    protos.map(({ domain, version }) => [standardDomain(domain ?? ""), version ? numberOf(version) : 0]),
  );
}

function standardDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}
