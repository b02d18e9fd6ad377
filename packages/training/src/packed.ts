/** A step's variables as one tensor, in and out, for devices from which reading back is slow whatever the size. */

import {
  concat,
  float32,
  GraphBuilder,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  type TypedModel,
} from "@optogram/onnx";
import type { Variable } from "./variables.ts";

/** Where variables are held, and what a model is fed of it. */
export interface Buffers {
  readonly variables: Readonly<Record<string, Tensor>>;
  readonly fed: Readonly<Record<string, Tensor>>;
}

/** The one tensor's name among the model's inputs. */
const packedName = "variables";

/**
 * The same model, where the inputs that hold variables are parts of the input `variables` [all their elements] in
 * their order, and the outputs of their next values, named by `nextName`, parts of one output, named likewise.
 */
export function packVariables(
  model: TypedModel,
  variables: readonly Variable[],
  nextName: (name: string) => string,
): TypedModel {
  const graph = new GraphBuilder();
  const held = new Map(variables.map(({ name, value }) => [name, value]));
  const sizes = variables.map(({ value }) => sizeOf(value.shape));
  const packed = graph.input(packedName, [sizes.reduce((a, b) => a + b, 0)]);
  let at = 0;
  const parts = variables.map(({ name, value }, i) => {
    const part = slice(packed, 0, at, at + sizes[i]);
    at += sizes[i];
    return [name, reshape(part, value.shape)] as const;
  });
  const rest = model.graph.inputs
    .filter(({ name }) => !held.has(name))
    .map(({ name, shape, dtype }) => [name, graph.input(name, shape as readonly number[], dtype)] as const);
  const values = graph.splice(model, Object.fromEntries([...parts, ...rest]), "step/");
  const made = (name: string) => values.get(name) as NonNullable<ReturnType<typeof values.get>>;
  const next = variables.map(({ name }, i) => reshape(made(nextName(name)), [sizes[i]]));
  graph.output(nextName(packedName), concat(next, 0));
  const isNext = new Set(variables.map(({ name }) => nextName(name)));
  for (const { name } of model.graph.outputs) if (!isNext.has(name)) graph.output(name, made(name));
  return graph.model(model.graph.name);
}

/** Views of the one tensor of {@link packVariables}. */
export function packedBuffers(all: readonly Variable[]): Buffers {
  const sizes = all.map(({ initial }) => initial.data.length);
  const data = new Float32Array(sizes.reduce((a, b) => a + b, 0));
  let at = 0;
  const views = all.map(({ name, initial }, i) => {
    const view = data.subarray(at, at + sizes[i]);
    at += sizes[i];
    view.set(initial.data as Float32Array);
    return [name, { ...initial, data: view }] as const;
  });
  return { variables: Object.fromEntries(views), fed: { [packedName]: float32(data, [data.length]) } };
}
