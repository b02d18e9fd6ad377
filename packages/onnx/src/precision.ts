/** Models with 16-bit floats: small on disk, and computable where nothing but float32 can be. */

import { bfloatToFloat, floatToHalf, halfToFloat } from "./half.ts";
import type { Attribute, Graph, Model, Node, ValueInfo } from "./model.ts";
import { freshName, mapFunctionNodes, mapNodes, mapSubgraphs, renameTensors, tensorNames } from "./rename.ts";
import { type DataType, dataTypes, type Tensor } from "./tensor.ts";

/** Smaller tensors are not worth the rounding: among them are epsilons that float16 would make zero. */
const smallestHalved = 256;

/** Attributes that name an element type, by operator. */
const typeAttributes = ["to", "dtype", "output_dtype"];

/**
 * Stores the weights in half the bytes: every float32 initialiser of at least 256 elements that float16 can hold
 * (rounded to nearest) becomes float16, and a Cast gives it back under its own name. ONNX Runtime folds the Casts when
 * it opens the model, so it computes in float32 as before.
 */
export function halveWeights(model: Model): Model {
  const { graph } = model;
  const taken = tensorNames(graph);
  const casts: Node[] = [];
  const initializers = new Map<string, Tensor>();
  for (const [name, tensor] of graph.initializers) {
    const halved = halvedTensor(tensor);
    if (halved === undefined) {
      initializers.set(name, tensor);
      continue;
    }
    const stored = freshName(`${name}.float16`, taken);
    initializers.set(stored, halved);
    casts.push(cast(stored, name, "float32"));
  }
  return { ...model, graph: { ...graph, initializers, nodes: [...casts, ...graph.nodes] } };
}

function halvedTensor(tensor: Tensor): Tensor | undefined {
  const { data, shape } = tensor;
  if (tensor.dtype !== "float32" || !(data instanceof Float32Array) || data.length < smallestHalved)
    return undefined;
  const halved = floatToHalf(data);
  const infinite = halfToFloat(halved).some(
    (value, i) => !Number.isFinite(value) && Number.isFinite(data[i]),
  );
  return infinite ? undefined : { dtype: "float16", shape, data: halved };
}

/** The same computation with float32 wherever the model has float16 or bfloat16: weights, types and Casts. */
export function toFloat32(model: Model): Model {
  return {
    ...model,
    graph: widenGraph(model.graph),
    functions: model.functions.map((called) => mapFunctionNodes(called, widenNode)),
  };
}

function widenGraph(graph: Graph): Graph {
  return mapNodes(widenValues(graph), widenNode);
}

function widenValues(graph: Graph): Graph {
  const value = (info: ValueInfo) => (isHalf(info.dtype) ? { ...info, dtype: "float32" as const } : info);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => mapSubgraphs(node, widenValues)),
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    values: new Map(Array.from(graph.values, ([name, info]) => [name, value(info)])),
    initializers: new Map(Array.from(graph.initializers, ([name, tensor]) => [name, widenTensor(tensor)])),
  };
}

function widenNode(node: Node): Node {
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => {
    switch (attribute.type) {
      case "tensor":
        return [name, { type: "tensor", value: widenTensor(attribute.value) }];
      case "tensors":
        return [name, { type: "tensors", value: attribute.value.map(widenTensor) }];
      case "int": {
        const half =
          attribute.value === dataTypes.float16.code || attribute.value === dataTypes.bfloat16.code;
        if (!half || !typeAttributes.includes(name)) return [name, attribute];
        return [name, { type: "int", value: dataTypes.float32.code }];
      }
      default:
        return [name, attribute];
    }
  });
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function widenTensor(tensor: Tensor): Tensor {
  const { dtype, shape, data } = tensor;
  if (!isHalf(dtype) || !(data instanceof Uint16Array)) return tensor;
  return { dtype: "float32", shape, data: dtype === "float16" ? halfToFloat(data) : bfloatToFloat(data) };
}

/**
 * The same model with float32 at every input and output that is float16 or bfloat16, which JavaScript cannot hand to
 * ONNX Runtime; Casts inside keep the rest as it is.
 */
export function float32Interface(model: Model): Model {
  const { graph } = model;
  const inputs = graph.inputs.filter(({ dtype }) => isHalf(dtype));
  const fed = new Set(graph.inputs.map(({ name }) => name));
  const outputs = graph.outputs.filter(({ name, dtype }) => isHalf(dtype) && !fed.has(name));
  if (inputs.length + outputs.length === 0) return model;

  const taken = tensorNames(graph);
  const inner = new Map(
    [...inputs, ...outputs].map(({ name, dtype }) => [name, freshName(`${name}.${dtype}`, taken)]),
  );
  const innerName = (name: string) => inner.get(name) ?? name;
  const renamed = renameTensors(graph, innerName);
  const value = (info: ValueInfo) => (isHalf(info.dtype) ? { ...info, dtype: "float32" as const } : info);
  return {
    ...model,
    graph: {
      ...renamed,
      inputs: graph.inputs.map(value),
      outputs: graph.outputs.map(value),
      nodes: [
        ...inputs.map(({ name, dtype }) => cast(name, innerName(name), dtype)),
        ...renamed.nodes,
        ...outputs.map(({ name }) => cast(innerName(name), name, "float32")),
      ],
    },
  };
}

/** Whether elements are of a 16-bit floating type. */
export function isHalf(dtype: DataType): boolean {
  return dtype === "float16" || dtype === "bfloat16";
}

function cast(from: string, to: string, dtype: DataType): Node {
  return {
    op: "Cast",
    domain: "",
    name: `${to}/cast`,
    inputs: [from],
    outputs: [to],
    attributes: { to: { type: "int", value: dataTypes[dtype].code } },
  };
}
