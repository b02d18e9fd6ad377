/** A model for one size of its inputs: no shape is computed any more, and every tensor's is known. */

import { join } from "node:path";
import type { TypedModel } from "./builder.ts";
import { ModelError } from "./error.ts";
import { inferValues } from "./infer.ts";
import type { Dimension, Graph, Model, ValueInfo } from "./model.ts";
import { toFloat32 } from "./precision.ts";
import { readModel } from "./read.ts";
import { openSession } from "./session.ts";
import { prune } from "./surgery.ts";
import { inTemporaryFolder } from "./temporary.ts";
import { dataTypes, sizeOf, type Tensor } from "./tensor.ts";
import { upgrade } from "./upgrade.ts";

/** Tensors fetched in one run where shapes must be learnt by running: they are all in memory at once. */
const fetchedAtOnce = 16;

/**
 * Writes `shapes` into the model's inputs and lets ONNX Runtime fold what has become constant (level "basic": standard
 * operators only), so that gradients and joins see static shapes: `graph.values` of the result has the type and shape
 * of every tensor that a node makes. An input may be left out where its shape is static, or its named sizes are given
 * by another input. float16 and bfloat16 become float32, an operator set before 23 becomes that one (`upgrade`).
 *
 * A tensor whose shape depends on the values of the inputs gets the shape that it has for inputs of zeros.
 */
export async function specialise(
  model: Model,
  shapes: Readonly<Record<string, readonly number[]>> = {},
): Promise<TypedModel> {
  const wide = toFloat32(model);
  const sized = withInputShapes(wide, shapes);
  const folded = await fold(sized);
  const graph = prune(folded.graph);
  const made = graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== "");
  const inferred = await inferValues({ ...folded, graph: { ...graph, values: new Map() } }, made);
  const values = await learnShapes({ ...folded, graph }, inferred);
  const outputs = graph.outputs.map((output) => values.get(output.name) ?? output);
  const domains = new Set(["", ...graph.nodes.map((node) => node.domain)]);
  return upgrade({
    ...model,
    irVersion: folded.irVersion,
    opsets: Object.fromEntries(Object.entries(folded.opsets).filter(([domain]) => domains.has(domain))),
    functions: [],
    graph: { ...graph, name: model.graph.name, inputs: sized.graph.inputs, outputs, values },
  });
}

function withInputShapes(model: Model, shapes: Readonly<Record<string, readonly number[]>>): Model {
  const { inputs } = model.graph;
  for (const name of Object.keys(shapes)) {
    if (!inputs.some((input) => input.name === name)) {
      throw new ModelError(
        `the model has no input "${name}"; its inputs are ${inputs.map((i) => `"${i.name}"`)}`,
      );
    }
  }
  const sizes = new Map<string, number>();
  for (const input of inputs) {
    const given = shapes[input.name];
    if (given !== undefined) bindSizes(input, given, sizes);
  }
  const sized = inputs.map((input): ValueInfo => {
    const shape = shapes[input.name] ?? input.shape?.map((size) => resolve(size, sizes));
    if (shape?.every((size) => typeof size === "number")) return { ...input, shape };
    throw new ModelError(
      `input "${input.name}" is [${showShape(input.shape)}]: say which shape it shall have`,
    );
  });
  // What the file says of shapes may name sizes that have become numbers.
  const outputs = model.graph.outputs.map(({ name, dtype }) => ({ name, dtype }));
  return { ...model, graph: { ...model.graph, inputs: sized, outputs, values: new Map() } };
}

function bindSizes(input: ValueInfo, given: readonly number[], sizes: Map<string, number>): void {
  const where = `input "${input.name}" is [${showShape(input.shape)}]`;
  if (!given.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new ModelError(`${where} and cannot become [${given}]`);
  }
  if (input.shape === undefined) return;
  if (input.shape.length !== given.length) throw new ModelError(`${where} and cannot become [${given}]`);
  for (const [axis, size] of given.entries()) {
    const declared = input.shape[axis];
    const bound = resolve(declared, sizes);
    if (typeof bound === "number" && bound !== size) {
      const why = typeof declared === "string" ? `: "${declared}" is ${bound} in another place` : "";
      throw new ModelError(`${where} and cannot become [${given}]${why}`);
    }
    if (typeof declared === "string") sizes.set(declared, size);
  }
}

function resolve(size: Dimension, sizes: ReadonlyMap<string, number>): Dimension {
  return typeof size === "string" ? (sizes.get(size) ?? size) : size;
}

function showShape(shape: readonly Dimension[] | undefined): string {
  return shape === undefined ? "of any shape" : shape.map((size) => size ?? "?").join(", ");
}

/** The model as ONNX Runtime rewrites it at level "basic". */
async function fold(model: Model): Promise<Model> {
  return inTemporaryFolder(async (folder) => {
    const saveOptimized = join(folder, "folded.onnx");
    const session = await openSession(model, { optimization: "basic", saveOptimized });
    await session.close();
    return readModel(saveOptimized);
  });
}

/** Fills in the shapes that could not be inferred, from a run on zeros. */
async function learnShapes(
  model: Model,
  inferred: ReadonlyMap<string, ValueInfo>,
): Promise<Map<string, ValueInfo>> {
  const values = new Map(inferred);
  const open = [...inferred.values()].filter(
    ({ shape }) => !shape?.every((size) => typeof size === "number"),
  );
  for (let first = 0; first < open.length; first += fetchedAtOnce) {
    const outputs = open.slice(first, first + fetchedAtOnce);
    const part = prune({ ...model.graph, outputs, values: new Map() });
    const session = await openSession({ ...model, graph: part }, { optimization: "disabled" });
    const results = await session.run(zeros(model.graph));
    await session.close();
    for (const { name, dtype } of outputs) {
      const { shape } = results[name] ?? {};
      if (shape !== undefined) values.set(name, { name, dtype, shape });
    }
  }
  return values;
}

function zeros(graph: Graph): Record<string, Tensor> {
  const feeds = graph.inputs.map(({ name, dtype, shape }): [string, Tensor] => {
    const sizes = (shape ?? []).map(Number);
    const { array } = dataTypes[dtype];
    const data = array === undefined ? Array<string>(sizeOf(sizes)).fill("") : new array(sizeOf(sizes));
    return [name, { dtype, shape: sizes, data }];
  });
  return Object.fromEntries(feeds);
}
