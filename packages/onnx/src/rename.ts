/** Other names for the same graph. */

import type { Attribute, Graph, Model, ModelFunction, Node, ValueInfo } from "./model.ts";

/** A name for each name. It must not give two names one; the empty name (an optional value left out) stays. */
export type Renaming = (name: string) => string;

/** Renames tensors, in the graphs inside nodes, too. */
export function renameTensors(graph: Graph, rename: Renaming): Graph {
  const tensor = (name: string) => (name === "" ? "" : rename(name));
  const value = (info: ValueInfo): ValueInfo => ({ ...info, name: tensor(info.name) });
  return {
    name: graph.name,
    nodes: graph.nodes.map((node) => ({
      ...mapSubgraphs(node, (inner) => renameTensors(inner, rename)),
      inputs: node.inputs.map(tensor),
      outputs: node.outputs.map(tensor),
    })),
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    initializers: new Map(Array.from(graph.initializers, ([name, data]) => [tensor(name), data])),
    values: new Map(Array.from(graph.values.values(), (info) => [tensor(info.name), value(info)])),
  };
}

/** Puts `prefix` before the name of every tensor and node, except the tensors in `keep`. */
export function prefixNames(model: Model, prefix: string, keep: Iterable<string> = []): Model {
  const kept = new Set(keep);
  const renamed = renameTensors(model.graph, (name) => (kept.has(name) ? name : prefix + name));
  return {
    ...model,
    graph: mapNodes(renamed, (node) => ({ ...node, name: node.name && prefix + node.name })),
  };
}

/** Changes every node of a graph, those of the graphs inside nodes first. */
export function mapNodes(graph: Graph, change: (node: Node) => Node): Graph {
  const inner = (node: Node) => mapSubgraphs(node, (subgraph) => mapNodes(subgraph, change));
  return { ...graph, nodes: graph.nodes.map((node) => change(inner(node))) };
}

/** Changes every node of a function's body, those of the graphs inside nodes first. */
export function mapFunctionNodes(called: ModelFunction, change: (node: Node) => Node): ModelFunction {
  const inner = (node: Node) => mapSubgraphs(node, (subgraph) => mapNodes(subgraph, change));
  return { ...called, nodes: called.nodes.map((node) => change(inner(node))) };
}

/** Changes the graphs that a node holds in its attributes. */
export function mapSubgraphs(node: Node, change: (graph: Graph) => Graph): Node {
  if (!Object.values(node.attributes).some(({ type }) => type === "graph" || type === "graphs")) return node;
  const changed = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => {
    if (attribute.type === "graph") return [name, { type: "graph", value: change(attribute.value) }];
    if (attribute.type === "graphs") return [name, { type: "graphs", value: attribute.value.map(change) }];
    return [name, attribute];
  });
  return { ...node, attributes: Object.fromEntries(changed) };
}

/** The tensors that a node needs from around it: its inputs, and what the graphs inside it take from outside. */
export function dependenciesOf(node: Node): Set<string> {
  const needed = new Set(node.inputs.filter((name) => name !== ""));
  for (const attribute of Object.values(node.attributes)) {
    const graphs =
      attribute.type === "graph" ? [attribute.value] : attribute.type === "graphs" ? attribute.value : [];
    for (const graph of graphs) for (const name of freeNames(graph)) needed.add(name);
  }
  return needed;
}

/** The names that a graph inside a node uses and does not define. */
function freeNames(graph: Graph): Set<string> {
  const free = new Set<string>();
  const defined = new Set([...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()]);
  for (const node of graph.nodes) {
    for (const name of dependenciesOf(node)) if (!defined.has(name)) free.add(name);
    for (const name of node.outputs) defined.add(name);
  }
  for (const { name } of graph.outputs) if (!defined.has(name)) free.add(name);
  return free;
}

/** Every tensor's name in a graph, those in the graphs inside nodes as well. */
export function tensorNames(graph: Graph): Set<string> {
  const names = new Set<string>();
  const note = (name: string) => {
    names.add(name);
    return name;
  };
  renameTensors(graph, note);
  return names;
}

/** `wanted`, or `wanted` with a number after it where that name is taken; the result is taken from then on. */
export function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}.${i}`;
  taken.add(name);
  return name;
}
