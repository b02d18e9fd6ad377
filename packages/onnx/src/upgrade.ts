/**
 * Older operator sets brought to the one that graphs are built in, so that a model joins them: operators that said
 * something in attributes say it in inputs now, and Softmax no longer flattens. Source: the ONNX operator changelog.
 */

import { builtOpset, type TypedModel } from "./builder.ts";
import { describe, ModelError } from "./error.ts";
import type { Attribute, Node, ValueInfo } from "./model.ts";
import { freshName, tensorNames } from "./rename.ts";
import { type DataType, float32, int64, sizeOf, type Tensor } from "./tensor.ts";

/** What a rule may ask of the graph around a node, and put into it. */
interface Surroundings {
  shapeOf(name: string): readonly number[];
  dtypeOf(name: string): DataType;
  /** The name of a new initialiser. */
  constant(tensor: Tensor): string;
  /** The name of a new inner tensor like `name` of another shape. */
  tensor(like: string, shape: readonly number[]): string;
}

type Rule = (node: Node, around: Surroundings) => readonly Node[];

/** By operator: the operator set that changed it, and what a node from before becomes. */
const changes: Readonly<Record<string, readonly (readonly [since: number, rule: Rule])[]>> = {
  BatchNormalization: [[14, inference]],
  Clip: [[11, (node, around) => scalarsToInputs(node, around, ["min", "max"])]],
  Dropout: [[12, identity]],
  GridSample: [[20, gridModes]],
  GroupNormalization: [[21, refuse]],
  Hardmax: [[13, unflatten]],
  LogSoftmax: [[13, unflatten]],
  Pad: [[11, pad]],
  ReduceL1: [[18, axesToInput]],
  ReduceL2: [[18, axesToInput]],
  ReduceLogSum: [[18, axesToInput]],
  ReduceLogSumExp: [[18, axesToInput]],
  ReduceMax: [[18, axesToInput]],
  ReduceMean: [[18, axesToInput]],
  ReduceMin: [[18, axesToInput]],
  ReduceProd: [[18, axesToInput]],
  ReduceSum: [[13, axesToInput]],
  ReduceSumSquare: [[18, axesToInput]],
  Resize: [[11, resize]],
  Scatter: [[11, (node) => [{ ...node, op: "ScatterElements" }]]],
  Slice: [[10, slice]],
  Softmax: [[13, unflatten]],
  Split: [
    [13, (node, around) => listToInput(node, around, "split", 1)],
    [18, countOutputs],
  ],
  Squeeze: [[13, axesToInput]],
  TopK: [[10, topK]],
  Unsqueeze: [[13, axesToInput]],
  Upsample: [
    [9, scalesToInput],
    [10, resize],
  ],
};

/**
 * The same computation in operator set 23; models in that or a newer one stay as they are. Needs static shapes
 * (`specialise`). Throws where a node has no equal there, by its name.
 */
export function upgrade(model: TypedModel): TypedModel {
  const from = model.opsets[""] ?? builtOpset;
  if (from >= builtOpset) return model;
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const values = new Map(graph.values);
  const taken = tensorNames(graph);
  const ends = [...graph.inputs, ...graph.outputs].map((value): [string, ValueInfo] => [value.name, value]);
  const known = new Map([...ends, ...values]);

  const around = (node: Node): Surroundings => {
    const base = node.outputs.find((name) => name !== "") ?? node.op;
    const typeOf = (name: string): ValueInfo | Tensor => {
      const type = initializers.get(name) ?? known.get(name) ?? values.get(name);
      if (type === undefined)
        throw new ModelError(`${describe(node)}: the type of "${name}" is not known; specialise the model`);
      return type;
    };
    return {
      shapeOf: (name) => (typeOf(name).shape ?? []).map(Number),
      dtypeOf: (name) => typeOf(name).dtype,
      constant(tensor) {
        const name = freshName(`${base}/constant`, taken);
        initializers.set(name, tensor);
        return name;
      },
      tensor(like, shape) {
        const name = freshName(`${base}/part`, taken);
        values.set(name, { name, dtype: typeOf(like).dtype, shape });
        return name;
      },
    };
  };

  const nodes = graph.nodes.flatMap((node) => {
    if (Object.values(node.attributes).some(({ type }) => type === "graph" || type === "graphs"))
      refuse(node);
    if (node.domain !== "") return [node];
    const rules = (changes[node.op] ?? []).filter(([since]) => from < since);
    return rules.reduce<readonly Node[]>(
      (changed, [, rule]) => changed.flatMap((part) => rule(part, around(part))),
      [node],
    );
  });
  return {
    ...model,
    irVersion: Math.max(model.irVersion, 10),
    opsets: { ...model.opsets, "": builtOpset },
    graph: { ...graph, nodes, initializers, values },
  };
}

function axesToInput(node: Node, around: Surroundings): readonly Node[] {
  return listToInput(node, around, "axes", 1);
}

function listToInput(node: Node, around: Surroundings, name: string, at: number): readonly Node[] {
  const list = ints(node, name);
  return [list === undefined ? node : withInput(without(node, name), at, around.constant(int64(list)))];
}

function slice(node: Node, around: Surroundings): readonly Node[] {
  const axes = ints(node, "axes") ?? (ints(node, "starts") ?? []).map((_, axis) => axis);
  const lists = [ints(node, "starts") ?? [], ints(node, "ends") ?? [], axes];
  const sizes = around.shapeOf(node.inputs[0] ?? "");
  // "To the end" is the largest int64 in many exporters, which no number of JavaScript is.
  const within = lists.map((list, i) =>
    i === 2 ? list : list.map((place, k) => Math.min(place, sizes.at(axes[k] ?? 0) ?? place)),
  );
  const inputs = [...node.inputs, ...within.map((list) => around.constant(int64(list)))];
  return [{ ...without(node, "starts", "ends", "axes"), inputs }];
}

function pad(node: Node, around: Surroundings): readonly Node[] {
  const value = number(node, "value") ?? 0;
  const pads = around.constant(int64(ints(node, "pads") ?? []));
  const filled = around.constant(scalar(value, around.dtypeOf(node.inputs[0] ?? "")));
  return [{ ...without(node, "pads", "value"), inputs: [...node.inputs, pads, filled] }];
}

function scalarsToInputs(node: Node, around: Surroundings, names: readonly string[]): readonly Node[] {
  const dtype = around.dtypeOf(node.inputs[0] ?? "");
  const scalars = names
    .map((name) => number(node, name))
    .map((value) => (value === undefined ? "" : around.constant(scalar(value, dtype))));
  return [{ ...without(node, ...names), inputs: [...node.inputs, ...scalars] }];
}

function topK(node: Node, around: Surroundings): readonly Node[] {
  const k = around.constant(int64([number(node, "k") ?? 1]));
  return [withInput(without(node, "k"), 1, k)];
}

function countOutputs(node: Node): readonly Node[] {
  if (node.inputs[1]) return [node];
  const num_outputs: Attribute = { type: "int", value: node.outputs.length };
  return [{ ...node, attributes: { ...node.attributes, num_outputs } }];
}

/** Before 13 all axes from `axis` on are one: said by reshaping, where more than one of them is not 1. */
function unflatten(node: Node, around: Surroundings): readonly Node[] {
  const [input = ""] = node.inputs;
  const [output = ""] = node.outputs;
  const shape = around.shapeOf(input);
  const stated = number(node, "axis") ?? 1;
  const first = stated < 0 ? stated + shape.length : stated;
  const flattened = shape.slice(first);
  const sized = flattened.flatMap((size, i) => (size === 1 ? [] : [first + i]));
  if (sized.length <= 1 && first < shape.length) {
    return [withAttribute(node, "axis", { type: "int", value: sized[0] ?? first })];
  }
  const matrix = [sizeOf(shape.slice(0, first)), sizeOf(flattened)];
  const flat = around.tensor(input, matrix);
  const result = around.tensor(input, matrix);
  const last = withAttribute(node, "axis", { type: "int", value: -1 });
  return [
    reshape(`${node.name}/flatten`, input, around.constant(int64(matrix)), flat),
    { ...last, inputs: [flat], outputs: [result] },
    reshape(`${node.name}/restore`, result, around.constant(int64(shape)), output),
  ];
}

function inference(node: Node): readonly Node[] {
  const [output = "", ...others] = node.outputs;
  if (others.some((name) => name !== "") || number(node, "spatial") === 0) return refuse(node);
  return [{ ...without(node, "spatial"), outputs: [output] }];
}

function identity(node: Node): readonly Node[] {
  const [output = "", mask = ""] = node.outputs;
  if (mask !== "") return refuse(node);
  return [{ ...node, op: "Identity", inputs: node.inputs.slice(0, 1), outputs: [output], attributes: {} }];
}

function gridModes(node: Node): readonly Node[] {
  const mode = node.attributes.mode;
  if (mode?.type !== "string") return [node];
  const renamed = { bilinear: "linear", bicubic: "cubic" }[mode.value] ?? mode.value;
  return [withAttribute(node, "mode", { type: "string", value: renamed })];
}

function scalesToInput(node: Node, around: Surroundings): readonly Node[] {
  const scales = node.attributes.scales;
  if (scales?.type !== "floats") return refuse(node);
  return [withInput(without(node, "scales"), 1, around.constant(float32(scales.value)))];
}

/** Before 11, Resize and Upsample map corner to corner, and take the nearest below (enlarging) or above. */
function resize(node: Node, around: Surroundings): readonly Node[] {
  const [input = "", scales = ""] = node.inputs;
  const before = around.shapeOf(input);
  const after = around.shapeOf(node.outputs[0] ?? "");
  const smaller = after.some((size, axis) => size < (before[axis] ?? size));
  const larger = after.some((size, axis) => size > (before[axis] ?? size));
  if (smaller && larger) return refuse(node);
  const attributes: Record<string, Attribute> = {
    ...node.attributes,
    coordinate_transformation_mode: { type: "string", value: "asymmetric" },
    nearest_mode: { type: "string", value: smaller ? "ceil" : "floor" },
  };
  return [{ ...node, op: "Resize", inputs: [input, "", scales], attributes }];
}

function refuse(node: Node): never {
  throw new ModelError(
    `${describe(node)} cannot be brought to operator set ${builtOpset}; export the model with it`,
  );
}

function ints(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.type === "ints" ? attribute.value : undefined;
}

function number(node: Node, name: string): number | undefined {
  const attribute = node.attributes[name];
  return attribute?.type === "int" || attribute?.type === "float" ? attribute.value : undefined;
}

function without(node: Node, ...names: readonly string[]): Node {
  const attributes = Object.entries(node.attributes).filter(([name]) => !names.includes(name));
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function withAttribute(node: Node, name: string, attribute: Attribute): Node {
  return { ...node, attributes: { ...node.attributes, [name]: attribute } };
}

function withInput(node: Node, at: number, name: string): Node {
  return { ...node, inputs: [...node.inputs.slice(0, at), name] };
}

function reshape(name: string, input: string, shape: string, output: string): Node {
  return { op: "Reshape", domain: "", name, inputs: [input, shape], outputs: [output], attributes: {} };
}

function scalar(value: number, dtype: DataType): Tensor {
  switch (dtype) {
    case "float32":
      return { dtype, shape: [], data: Float32Array.of(value) };
    case "float64":
      return { dtype, shape: [], data: Float64Array.of(value) };
    default:
      throw new ModelError(`before operator set 11 nothing is clipped or padded in ${dtype}`);
  }
}
