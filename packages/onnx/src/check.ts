/** Whether a model hangs together: what can be said without knowing what any operator does. */

import { describe, ModelError } from "./error.ts";
import type { Attributes, Graph, Model, ModelFunction, Node, ValueInfo } from "./model.ts";
import { mapFunctionNodes, mapNodes } from "./rename.ts";
import { byteLengthOf, dataTypes, type Tensor } from "./tensor.ts";

/** What ONNX Runtime 1.30 reads, and the oldest operator set it promises to. */
const limits = { irVersion: 13, oldestOpset: 7, newestOpset: 26 };

/** Beginnings of the domains whose operators ONNX Runtime brings along. */
const runtimeDomains = ["ai.onnx", "com.microsoft", "com.ms", "org.pytorch"];

/** The names that can be used at a place: those of the graph so far and of the graphs around it. */
interface Scope {
  readonly names: Set<string>;
  readonly outer: Scope | undefined;
}

/**
 * Throws a `ModelError` for the first thing found wrong: versions out of range, a name used before it is defined or
 * defined twice, an unknown element type, a tensor whose data does not fill its shape.
 */
export function checkModel(model: Model): void {
  if (!(model.irVersion >= 1 && model.irVersion <= limits.irVersion)) {
    throw new ModelError(
      `IR version ${model.irVersion} is not one of 1 to ${limits.irVersion}, which can be read`,
    );
  }
  checkOpsets(model.opsets);
  checkGraph(model.graph, undefined, "the graph");
  if (model.graph.outputs.length === 0) throw new ModelError("the graph has no outputs");
  for (const called of model.functions) checkFunction(called);
  checkCalls(model);
}

/** Every operator of a foreign domain must be a function of the model's own. */
function checkCalls(model: Model): void {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}.${name}`));
  const check = (node: Node): Node => {
    const { domain, op } = node;
    const known = domain === "" || runtimeDomains.some((start) => domain.startsWith(start));
    if (!known && !own.has(`${domain}.${op}`)) {
      throw new ModelError(`${describe(node)} calls "${domain}.${op}", which the model does not contain`);
    }
    return node;
  };
  mapNodes(model.graph, check);
  for (const called of model.functions) mapFunctionNodes(called, check);
}

function checkOpsets(opsets: Readonly<Record<string, number>>): void {
  if (Object.keys(opsets).length === 0)
    throw new ModelError("the model names no operator set (or is cut short)");
  const standard = opsets[""];
  if (standard === undefined) return;
  if (!(standard >= limits.oldestOpset && standard <= limits.newestOpset)) {
    throw new ModelError(
      `operator set ${standard} is not one of ${limits.oldestOpset} to ${limits.newestOpset}, which can be run; ` +
        "convert the model with onnx.version_converter",
    );
  }
}

function checkFunction(called: ModelFunction): void {
  const what = `function "${called.name}"`;
  const scope: Scope = { names: new Set(called.inputs), outer: undefined };
  checkNodes(called.nodes, scope);
  for (const name of called.outputs) {
    if (!isDefined(name, scope)) throw new ModelError(`output "${name}" of ${what} is made by no node`);
  }
}

function checkGraph(graph: Graph, outer: Scope | undefined, what: string): void {
  const scope: Scope = { names: new Set(), outer };
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  for (const input of graph.inputs) {
    checkValue(input, `input "${input.name}" of ${what}`);
    define(input.name, scope, `input of ${what}`);
  }
  for (const [name, tensor] of graph.initializers) {
    checkTensor(tensor, `initialiser "${name}"`);
    // Both an input and an initialiser: a default that the caller may replace.
    if (!inputs.has(name)) define(name, scope, `initialiser of ${what}`);
  }
  for (const [name, value] of graph.values) {
    if (name !== value.name) throw new ModelError(`what is said of "${name}" is about "${value.name}"`);
    checkValue(value, `"${name}"`);
  }
  checkNodes(graph.nodes, scope);
  const seen = new Set<string>();
  for (const output of graph.outputs) {
    checkValue(output, `output "${output.name}" of ${what}`);
    if (!isDefined(output.name, scope))
      throw new ModelError(`output "${output.name}" of ${what} is made by no node`);
    if (seen.has(output.name)) throw new ModelError(`"${output.name}" is an output of ${what} twice`);
    seen.add(output.name);
  }
}

function checkNodes(nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    const what = describe(node);
    if (node.op === "") throw new ModelError(`${what} has no operator`);
    for (const name of node.inputs) {
      if (name !== "" && !isDefined(name, scope)) {
        throw new ModelError(`${what} uses "${name}", which ${fateOf(name, nodes)}`);
      }
    }
    checkAttributes(node.attributes, scope, what);
    for (const name of node.outputs) {
      if (name !== "") define(name, scope, what);
    }
  }
}

function fateOf(name: string, nodes: readonly Node[]): string {
  const maker = nodes.find((node) => node.outputs.includes(name));
  return maker === undefined ? "nothing makes" : `only a later node makes: ${describe(maker)}`;
}

function checkAttributes(attributes: Attributes, scope: Scope, what: string): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    const where = `attribute "${name}" of ${what}`;
    if (attribute.type === "tensor") checkTensor(attribute.value, where);
    if (attribute.type === "tensors") for (const tensor of attribute.value) checkTensor(tensor, where);
    if (attribute.type === "graph") checkGraph(attribute.value, scope, where);
    if (attribute.type === "graphs") for (const graph of attribute.value) checkGraph(graph, scope, where);
  }
}

function checkValue(value: ValueInfo, what: string): void {
  if (value.name === "") throw new ModelError(`${what} has no name`);
  if (!Object.hasOwn(dataTypes, value.dtype))
    throw new ModelError(`${what} is of the unknown type ${value.dtype}`);
  for (const size of value.shape ?? []) {
    if (typeof size === "number" && !(Number.isSafeInteger(size) && size >= 0)) {
      throw new ModelError(`${what} has the size ${size} in its shape`);
    }
  }
}

function checkTensor({ dtype, shape, data }: Tensor, what: string): void {
  if (!Object.hasOwn(dataTypes, dtype)) throw new ModelError(`${what} is of the unknown type ${dtype}`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ModelError(`${what} has the shape [${shape}]`);
  }
  if (!ArrayBuffer.isView(data)) {
    const elements = shape.reduce((product, size) => product * size, 1);
    if (dtype !== "string") throw new ModelError(`${what} is of type ${dtype} but holds no typed array`);
    if (data.length !== elements) throw new ModelError(`${what} [${shape}] holds ${data.length} strings`);
    return;
  }
  const { array } = dataTypes[dtype];
  if (array === undefined || !(data instanceof array)) {
    throw new ModelError(`${what} is of type ${dtype} but its data is a ${data.constructor.name}`);
  }
  const expected = byteLengthOf(dtype, shape);
  if (data.byteLength !== expected) {
    throw new ModelError(`${what} (${dtype} [${shape}]) takes ${expected} bytes, not ${data.byteLength}`);
  }
}

function isDefined(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    if (at.names.has(name)) return true;
  }
  return false;
}

function define(name: string, scope: Scope, what: string): void {
  if (scope.names.has(name)) throw new ModelError(`"${name}" is defined twice, the second time as ${what}`);
  scope.names.add(name);
}
