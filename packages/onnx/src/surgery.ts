/** Graphs opened up: inner tensors made outputs, parts cut out, two made one. */

import { ModelError } from "./error.ts";
import { inferValues } from "./infer.ts";
import type { Graph, Model, ModelFunction, Node, ValueInfo } from "./model.ts";
import { dependenciesOf, freshName, prefixNames, renameTensors, tensorNames } from "./rename.ts";

/** Leaves out what the outputs do not need: nodes, initialisers, and what is said of tensors that are gone. */
export function prune(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    nodes.push(node);
    for (const name of dependenciesOf(node)) needed.add(name);
  }
  nodes.reverse();
  const made = new Set(nodes.flatMap((node) => node.outputs));
  return {
    ...graph,
    nodes,
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    values: new Map([...graph.values].filter(([name]) => made.has(name))),
  };
}

/** The same model with inner tensors of its main graph as further outputs, in the order of `names`. */
export async function tap(model: Model, names: readonly string[]): Promise<Model> {
  const present = new Set(model.graph.outputs.map(({ name }) => name));
  const missing = [...new Set(names)].filter((name) => !present.has(name));
  const values = await describeValues(model, missing);
  return { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs, ...values] } };
}

/**
 * The part of a model that leads from `inputs` (default: the model's own, as far as they are needed) to `outputs`,
 * all of them tensors of the main graph. Throws where an output also depends on an input that is not in `inputs`.
 */
export async function cut(
  model: Model,
  { inputs, outputs }: { readonly inputs?: readonly string[]; readonly outputs: readonly string[] },
): Promise<Model> {
  const { graph } = model;
  const ends = await describeValues(model, outputs);
  const starts = inputs === undefined ? graph.inputs : await describeValues(model, inputs);
  const fed = new Set(starts.map(({ name }) => name));
  const taken = tensorNames(graph);
  const nodes = graph.nodes
    .filter((node) => !node.outputs.every((name) => name === "" || fed.has(name)))
    // What a node makes beside a tensor that is fed now may still be needed.
    .map((node) => ({
      ...node,
      outputs: node.outputs.map((name) => (fed.has(name) ? freshName(`${name}.unused`, taken) : name)),
    }));
  const initializers = new Map([...graph.initializers].filter(([name]) => !fed.has(name)));
  const part = prune({ ...graph, nodes, initializers, inputs: starts, outputs: ends });

  const needed = new Set([...part.nodes.flatMap((node) => [...dependenciesOf(node)]), ...outputs]);
  const stray = graph.inputs.find(({ name }) => needed.has(name) && !fed.has(name));
  if (stray !== undefined) {
    throw new ModelError(
      `the part to cut out also depends on input "${stray.name}"; name it among the inputs`,
    );
  }
  const kept = inputs === undefined ? starts.filter(({ name }) => needed.has(name)) : starts;
  return { ...model, graph: { ...part, inputs: kept } };
}

/**
 * One model of two: outputs of the first become inputs of the second as `connections` ({output: input}) says. The
 * other inputs and outputs of both stay, the first's before the second's. `prefix` is put before the names of the
 * second's inner tensors and nodes; where names still meet, it throws.
 */
export function join(
  first: Model,
  second: Model,
  connections: Readonly<Record<string, string>>,
  prefix = "",
): Model {
  const joined = new Map(Object.entries(connections).map(([output, input]) => [input, output]));
  for (const [input, output] of joined) checkConnection(first.graph, output, second.graph, input);
  const ends = [...second.graph.inputs, ...second.graph.outputs].map(({ name }) => name);
  const { graph } = prefixNames(second, prefix, ends);
  const straight = graph.outputs.find(({ name }) => joined.has(name));
  if (straight !== undefined)
    throw new ModelError(`"${straight.name}" is both input and output of the second model`);
  const taken = tensorNames(first.graph);
  const clash = [...tensorNames(graph)].find((name) => taken.has(name) && !joined.has(name));
  if (clash !== undefined)
    throw new ModelError(`both models have a tensor "${clash}"; join with another prefix`);

  // What the second calls its input, everything in it now calls by the first's name.
  const attached = renameTensors(graph, (name) => joined.get(name) ?? name);
  const connected = new Set(joined.values());
  const between = first.graph.outputs.filter(({ name }) => connected.has(name));
  return {
    irVersion: Math.max(first.irVersion, second.irVersion),
    opsets: mergeOpsets(first.opsets, second.opsets),
    producer: first.producer,
    functions: mergeFunctions(first, second),
    metadata: { ...second.metadata, ...first.metadata },
    graph: {
      name: first.graph.name,
      nodes: [...first.graph.nodes, ...attached.nodes],
      inputs: [...first.graph.inputs, ...attached.inputs.filter(({ name }) => !connected.has(name))],
      outputs: [...first.graph.outputs.filter(({ name }) => !connected.has(name)), ...attached.outputs],
      initializers: new Map([...first.graph.initializers, ...attached.initializers]),
      values: new Map([
        ...first.graph.values,
        ...between.map((value) => [value.name, value] as const),
        ...attached.values,
      ]),
    },
  };
}

function checkConnection(first: Graph, output: string, second: Graph, input: string): void {
  const from = first.outputs.find(({ name }) => name === output);
  const to = second.inputs.find(({ name }) => name === input);
  if (from === undefined) throw new ModelError(`the first model has no output "${output}"; tap it first`);
  if (to === undefined) throw new ModelError(`the second model has no input "${input}"`);
  const fits =
    from.dtype === to.dtype &&
    (from.shape === undefined ||
      to.shape === undefined ||
      (from.shape.length === to.shape.length &&
        from.shape.every((size, axis) => {
          const other = to.shape?.[axis];
          return typeof size !== "number" || typeof other !== "number" || size === other;
        })));
  if (!fits) {
    throw new ModelError(`output "${output}" (${show(from)}) does not fit input "${input}" (${show(to)})`);
  }
}

function show({ dtype, shape }: ValueInfo): string {
  return `${dtype} [${shape?.map((size) => size ?? "?") ?? "any shape"}]`;
}

function mergeOpsets(
  first: Readonly<Record<string, number>>,
  second: Readonly<Record<string, number>>,
): Record<string, number> {
  for (const [domain, version] of Object.entries(second)) {
    const other = first[domain] ?? version;
    if (other !== version) {
      const what = domain === "" ? "the operator sets" : `the operator sets of ${domain}`;
      throw new ModelError(
        `${what} of the two models are ${other} and ${version}; bring them to one version first`,
      );
    }
  }
  return { ...first, ...second };
}

function mergeFunctions(first: Model, second: Model): ModelFunction[] {
  const key = ({ domain, name }: ModelFunction) => `${domain}.${name}`;
  const known = new Set(first.functions.map(key));
  const clash = second.functions.find((called) => known.has(key(called)));
  if (clash !== undefined) throw new ModelError(`both models have a function "${key(clash)}"`);
  return [...first.functions, ...second.functions];
}

/** Type and, where known, shape of tensors of the main graph, in the order of `names`. */
async function describeValues(model: Model, names: readonly string[]): Promise<ValueInfo[]> {
  const { graph } = model;
  const known = new Map<string, ValueInfo>([
    ...Array.from(graph.initializers, ([name, { dtype, shape }]) => [name, { name, dtype, shape }] as const),
    ...graph.values,
    ...[...graph.inputs, ...graph.outputs].map((value) => [value.name, value] as const),
  ]);
  const inferred = await inferValues(
    model,
    names.filter((name) => !known.has(name)),
  );
  return names.map((name) => {
    const value = known.get(name) ?? inferred.get(name);
    if (value === undefined) throw new ModelError(`there is no tensor "${name}" in the model`);
    return value;
  });
}
