import { checkModel, type Graph, type Model, ModelError, type Node } from "@optogram/onnx";
import { expect, it } from "vitest";
import { modelOf, node, twoLayers, value } from "./support.ts";

const { graph } = twoLayers;

function changed(part: Partial<Graph>): Model {
  return { ...twoLayers, graph: { ...graph, ...part } };
}

function withInitializer(name: string, tensor: unknown): Model {
  return changed({ initializers: new Map([...graph.initializers, [name, tensor as never]]) });
}

it("passes what hangs together", () => {
  expect(() => checkModel(twoLayers)).not.toThrow();
});

it.each<[string, Model, RegExp]>([
  [
    "a name that nothing makes",
    changed({ nodes: graph.nodes.slice(1) }),
    /^node "Add:sum" \(Add\) uses "product", which nothing makes$/,
  ],
  [
    "nodes in the wrong order",
    changed({ nodes: graph.nodes.toReversed() }),
    /uses "hidden", which only a later node makes: node "Relu:hidden"/,
  ],
  [
    "a name made twice",
    changed({ nodes: [...graph.nodes, node("Relu", ["x"], ["sum"])] }),
    /"sum" is defined twice, the second time as node "Relu:sum"/,
  ],
  [
    "an input made by a node",
    changed({ nodes: [...graph.nodes, node("Relu", ["y"], ["x"])] }),
    /"x" is defined twice/,
  ],
  [
    "an output that nothing makes",
    changed({ outputs: [value("z", [1])] }),
    /output "z" of the graph is made by no node/,
  ],
  [
    "an output given twice",
    changed({ outputs: [value("y", [1]), value("y", [1])] }),
    /"y" is an output of the graph twice/,
  ],
  ["no outputs", changed({ outputs: [] }), /no outputs/],
  [
    "an unknown type",
    changed({ inputs: [value("x", [1], "float31" as never)] }),
    /input "x" of the graph is of the unknown type float31/,
  ],
  [
    "a type that only objects' prototypes have",
    changed({ inputs: [value("x", [1], "constructor" as never)] }),
    /unknown type/,
  ],
  ["a negative size", changed({ inputs: [value("x", [-1])] }), /the size -1/],
  [
    "too little data",
    withInitializer("w", { dtype: "float32", shape: [2], data: new Float32Array(1) }),
    /initialiser "w" \(float32 \[2\]\) takes 8 bytes, not 4/,
  ],
  [
    "data of another type",
    withInitializer("w", { dtype: "float32", shape: [2], data: new Int32Array(2) }),
    /its data is a Int32Array/,
  ],
  ["too few strings", withInitializer("w", { dtype: "string", shape: [2], data: ["a"] }), /holds 1 strings/],
  [
    "an operator without a name",
    changed({ nodes: [{ ...(graph.nodes[0] as Node), op: "" }] }),
    /has no operator/,
  ],
  [
    "an operator that no one has",
    changed({ nodes: [{ ...(graph.nodes[0] as Node), domain: "my.own" }, ...graph.nodes.slice(1)] }),
    /calls "my.own.MatMul", which the model does not contain/,
  ],
  ["an old operator set", { ...twoLayers, opsets: { "": 6 } }, /operator set 6 is not one of 7 to 26/],
  ["a future operator set", { ...twoLayers, opsets: { "": 99 } }, /operator set 99/],
  ["no operator set", { ...twoLayers, opsets: {} }, /names no operator set/],
  ["a future file format", { ...twoLayers, irVersion: 99 }, /IR version 99/],
])("says what is wrong: %s", (_, model, message) => {
  expect(() => checkModel(model)).toThrow(ModelError);
  expect(() => checkModel(model)).toThrow(message);
});

it("lets graphs within nodes use names from around them, and no others", () => {
  const inner = (name: string): Model["graph"]["nodes"][number]["attributes"] => {
    const branch = modelOf({ nodes: [node("Relu", [name], ["r"])], outputs: [value("r", undefined)] }).graph;
    return { then_branch: { type: "graph", value: branch }, else_branch: { type: "graph", value: branch } };
  };
  const using = (name: string) =>
    changed({
      nodes: [...graph.nodes, node("If", ["condition"], ["z"], inner(name))],
      inputs: [...graph.inputs, value("condition", [], "bool")],
    });
  expect(() => checkModel(using("hidden"))).not.toThrow();
  expect(() => checkModel(using("elsewhere"))).toThrow(
    /node "Relu:r" \(Relu\) uses "elsewhere", which nothing makes/,
  );
  // What a branch makes is not seen outside it.
  const leaking = using("hidden");
  const leaked = {
    ...leaking,
    graph: { ...leaking.graph, nodes: [...leaking.graph.nodes, node("Neg", ["r"], ["q"])] },
  };
  expect(() => checkModel(leaked)).toThrow(/uses "r"/);
});
