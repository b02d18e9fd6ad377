/**
 * Builds ONNX graphs from TypeScript. Every tensor has a static shape and type, known as soon as it is made, so
 * that mistakes show where they are written and gradient rules never meet a dynamic shape.
 */

import { constantTensor } from "./constants.ts";
import type { Attribute, Attributes, Model, Node, ValueInfo } from "./model.ts";
import { type DataType, float32, int64, type Tensor } from "./tensor.ts";

/** The operator set that built graphs use, and the file format's version that goes with it. */
export const builtOpset = 23;
export const builtIrVersion = 11;

/** A tensor of a graph under construction. */
export interface Value {
  readonly graph: GraphBuilder;
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

/** A node whose tensors are known by type and shape; an absent optional one is `undefined`. */
export interface TypedNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

/** A model with static shapes throughout: `graph.values` names every inner tensor. */
export type TypedModel = Model;

export interface OutputType {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

export class GraphBuilder {
  readonly #inputs: Value[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #initializers = new Map<string, Tensor>();
  readonly #constants = new Map<string, Value>();
  readonly #nodes: TypedNode[] = [];
  readonly #names = new Set<string>();
  readonly #counters = new Map<string, number>();

  /** The nodes so far, each after those whose outputs it reads. */
  get nodes(): readonly TypedNode[] {
    return this.#nodes;
  }

  /** A tensor that the caller of the model feeds. */
  input(name: string, shape: readonly number[], dtype: DataType = "float32"): Value {
    const value = this.#value(this.#claim(name), dtype, shape);
    this.#inputs.push(value);
    return value;
  }

  /** A tensor stored in the model under a name of its own (weights). */
  initializer(name: string, tensor: Tensor): Value {
    this.#initializers.set(this.#claim(name), tensor);
    return this.#value(name, tensor.dtype, tensor.shape);
  }

  /** A tensor stored in the model; equal small ones are stored once. */
  constant(tensor: Tensor): Value {
    const key =
      tensor.data.length <= 16
        ? `${tensor.dtype}[${tensor.shape}]${Array.from(tensor.data as ArrayLike<unknown>, (x) => (Object.is(x, -0) ? "-0" : String(x)))}`
        : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known) return known;
    const value = this.initializer(this.#fresh("constant"), tensor);
    if (key !== undefined) this.#constants.set(key, value);
    return value;
  }

  /** A float32 constant without axes. */
  scalar(value: number): Value {
    return this.constant(float32([value], []));
  }

  /** A list of int64 (axes, sizes, splits). */
  integers(values: readonly number[]): Value {
    return this.constant(int64(values));
  }

  /** Appends a node; the caller vouches for the outputs' types. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly OutputType[],
    attributes: Attributes = {},
    domain = "",
  ): Value[] {
    const name = this.#fresh(op);
    const values = outputs.map((type, i) =>
      this.#value(this.#claim(outputs.length === 1 ? `${name}:0` : `${name}:${i}`), type.dtype, type.shape),
    );
    this.#append({ op, domain, name, inputs, outputs: values, attributes });
    return values;
  }

  /**
   * Output `index` of a node that so far leaves it out (the mean of a LayerNormalization, say), under a new name.
   * The node is found by one of its outputs.
   */
  furtherOutput(of: Value, index: number, type: OutputType): Value {
    const at = this.#nodes.findIndex((node) => node.outputs.includes(of));
    if (at < 0) throw new Error(`${of.name} is the output of no node`);
    const node = this.#nodes[at];
    const known = node.outputs[index];
    if (known) return known;
    const value = this.#value(this.#claim(`${node.name}:${index}`), type.dtype, type.shape);
    const outputs = Array.from({ length: Math.max(index + 1, node.outputs.length) }, (_, i) =>
      i === index ? value : node.outputs[i],
    );
    this.#nodes[at] = { ...node, outputs };
    return value;
  }

  /** What a stored tensor holds; `undefined` for one that is fed or computed. */
  constantOf(value: Value): Tensor | undefined {
    return this.#initializers.get(value.name);
  }

  /** Makes a tensor an output of the model under `name`. */
  output(name: string, value: Value): void {
    if (this.#outputs.has(name)) throw new Error(`output ${name} is set twice`);
    this.#outputs.set(name, value);
  }

  /**
   * Copies a model into this graph: its inputs become the given values, its nodes and weights are added under
   * `prefix`, and all of its tensors come back by their own names. The model must be of this graph's operator set
   * (`upgrade`) and static (`specialise`), without subgraphs or functions.
   */
  splice(model: TypedModel, bindings: Readonly<Record<string, Value>>, prefix: string): Map<string, Value> {
    const { graph } = model;
    requireSpliceable(model);
    const values = new Map<string, Value>();
    for (const { name, shape } of graph.inputs) {
      const bound = bindings[name];
      // Before IR version 4 stored tensors are listed among the inputs.
      if (!bound && graph.initializers.has(name)) continue;
      if (!bound) throw new Error(`splice: nothing is bound to the model's input ${name}`);
      if (!sameShape(bound.shape, shape ?? []))
        throw new Error(`splice: input ${name} is [${shape}], what is bound to it is [${bound.shape}]`);
      values.set(name, bound);
    }
    for (const [name, tensor] of graph.initializers)
      if (!values.has(name)) values.set(name, this.initializer(`${prefix}${name}`, tensor));
    const types = new Map<string, ValueInfo>([
      ...graph.values,
      ...graph.outputs.map((o) => [o.name, o] as const),
    ]);
    const find = (name: string): Value | undefined => {
      if (name === "") return undefined;
      const value = values.get(name);
      if (!value) throw new Error(`splice: ${name} is read before it is made`);
      return value;
    };
    const reserved = new Set(graph.nodes.flatMap(({ outputs }) => outputs.map((name) => `${prefix}${name}`)));
    for (const node of graph.nodes) {
      const stored = constantTensor(node);
      if (stored) {
        const [name] = node.outputs;
        values.set(name, this.initializer(`${prefix}${name}`, stored));
        continue;
      }
      const inputs = node.inputs.map(find);
      const outputs = node.outputs.map((name) => {
        if (name === "") return undefined;
        const type = types.get(name);
        if (!type)
          throw new Error(
            `splice: type and shape of ${name} (node ${node.name}) are unknown: specialise the model`,
          );
        const value = this.#value(this.#claim(`${prefix}${name}`), type.dtype, staticShape(type));
        values.set(name, value);
        return value;
      });
      this.#append({
        ...node,
        name: this.#nodeName(`${prefix}${node.name || node.op}`, reserved),
        inputs,
        outputs,
      });
    }
    return values;
  }

  /** The graph as a model: what does not lead to an output is left out. */
  model(name = "graph"): TypedModel {
    const outputs = [...this.#outputs];
    const live = new Set<Value>(outputs.map(([, value]) => value));
    const nodes: TypedNode[] = [];
    for (let i = this.#nodes.length - 1; i >= 0; i--) {
      const node = this.#nodes[i];
      if (!node.outputs.some((o) => o && live.has(o))) continue;
      for (const input of node.inputs) if (input) live.add(input);
      nodes.push(node);
    }
    const liveNames = new Set([...live].map((value) => value.name));
    const made = new Set(nodes.flatMap((node) => node.outputs));
    const renamed = new Map<Value, string>();
    const copies: Node[] = [];
    for (const [publicName, value] of outputs) {
      if (made.has(value) && !renamed.has(value)) renamed.set(value, publicName);
      else copies.push(identity(nameOf(value, renamed), publicName));
    }
    const values = new Map<string, ValueInfo>();
    for (const value of made) if (value && !renamed.has(value)) values.set(value.name, infoOf(value));
    const written: Node[] = nodes.reverse().map((node) => ({
      ...node,
      inputs: node.inputs.map((v) => nameOf(v, renamed)),
      outputs: node.outputs.map((v) => nameOf(v, renamed)),
    }));
    written.push(...copies);
    return {
      irVersion: builtIrVersion,
      opsets: {
        "": builtOpset,
        ...(nodes.some((n) => n.domain === "com.microsoft") && { "com.microsoft": 1 }),
      },
      producer: "optogram",
      graph: {
        name,
        nodes: written,
        inputs: this.#inputs.map(infoOf),
        outputs: outputs.map(([publicName, value]) => ({ ...infoOf(value), name: publicName })),
        initializers: new Map([...this.#initializers].filter(([key]) => liveNames.has(key))),
        values,
      },
      functions: [],
      metadata: {},
    };
  }

  /** A name for a node of another graph, where names may repeat or clash with tensors', made or yet to be made. */
  #nodeName(wanted: string, reserved: ReadonlySet<string>): string {
    const taken = this.#names.has(wanted) || reserved.has(wanted);
    return this.#claim(taken ? this.#fresh(`${wanted}/`) : wanted);
  }

  #append(node: TypedNode): void {
    for (const input of node.inputs)
      if (input && input.graph !== this)
        throw new Error(`${node.name}: ${input.name} belongs to another graph`);
    this.#nodes.push(node);
  }

  #value(name: string, dtype: DataType, shape: readonly number[]): Value {
    for (const size of shape)
      if (!Number.isSafeInteger(size) || size < 0) throw new Error(`${name}: [${shape}] is no static shape`);
    return { graph: this, name, dtype, shape: [...shape] };
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new Error(`the name ${name} is taken in this graph`);
    this.#names.add(name);
    return name;
  }

  #fresh(stem: string): string {
    const count = (this.#counters.get(stem) ?? 0) + 1;
    this.#counters.set(stem, count);
    return `${stem}_${count}`;
  }
}

function requireSpliceable({ opsets, functions, graph }: Model): void {
  const opset = opsets[""];
  // Newer sets add operators; those that both have mean the same.
  if (opset !== undefined && opset < builtOpset)
    throw new Error(`splice: the model is of operator set ${opset}, before ${builtOpset}: upgrade it first`);
  if (functions.length > 0)
    throw new Error(`splice: the model has functions of its own (${functions[0].name}): specialise it first`);
  for (const { name, op, attributes } of graph.nodes)
    for (const attribute of Object.values(attributes))
      if (attribute.type === "graph" || attribute.type === "graphs")
        throw new Error(`splice: ${op} (node ${name}) has a subgraph: specialise the model first`);
}

function nameOf(value: Value | undefined, renamed: ReadonlyMap<Value, string>): string {
  return value ? (renamed.get(value) ?? value.name) : "";
}

function identity(input: string, output: string): Node {
  return {
    op: "Identity",
    domain: "",
    name: `copy/${output}`,
    inputs: [input],
    outputs: [output],
    attributes: {},
  };
}

export function sameShape(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function staticShape({ name, shape }: ValueInfo): readonly number[] {
  if (!shape?.every((size) => typeof size === "number"))
    throw new Error(`the shape of ${name} is not static: specialise the model first`);
  return shape as readonly number[];
}

function infoOf({ name, dtype, shape }: Value): ValueInfo {
  return { name, dtype, shape };
}

/** Attributes by JavaScript type: integers become `int` and `ints`; `float()` marks a float. */
export function attributesOf(
  values: Readonly<Record<string, number | string | readonly number[] | Attribute | undefined>>,
): Attributes {
  const attributes: Record<string, Attribute> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (typeof value === "number") attributes[key] = { type: "int", value };
    else if (typeof value === "string") attributes[key] = { type: "string", value };
    else if (Array.isArray(value)) attributes[key] = { type: "ints", value };
    else attributes[key] = value as Attribute;
  }
  return attributes;
}

/** A float attribute. */
export function float(value: number): Attribute {
  return { type: "float", value };
}
