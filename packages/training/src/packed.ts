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
  const { places, length } = placesOf(variables);
  const packed = graph.input(packedName, [length]);
  // By WebGPU these slices ran; one Split with hundreds of outputs was not tried there.
  const parts = places.map(
    ({ name, shape, from, to }) => [name, reshape(slice(packed, 0, from, to), shape)] as const,
  );
  const names = new Set(places.map(({ name }) => name));
  const rest = model.graph.inputs
    .filter(({ name }) => !names.has(name))
    .map(({ name, shape, dtype }) => [name, graph.input(name, shape as readonly number[], dtype)] as const);
  const values = graph.splice(model, Object.fromEntries([...parts, ...rest]), "step/");
  const made = (name: string) => values.get(name) as NonNullable<ReturnType<typeof values.get>>;
  const next = places.map(({ name, from, to }) => reshape(made(nextName(name)), [to - from]));
  graph.output(nextName(packedName), concat(next, 0));
  const nextNames = new Set(places.map(({ name }) => nextName(name)));
  for (const { name } of model.graph.outputs) if (!nextNames.has(name)) graph.output(name, made(name));
  return graph.model(model.graph.name);
}

/** Views of the one tensor of {@link packVariables}. */
export function packedBuffers(all: readonly Variable[]): Buffers {
  const { places, length } = placesOf(all);
  const data = new Float32Array(length);
  const views = places.map(({ name, initial, from, to }) => {
    const view = data.subarray(from, to);
    view.set(initial.data as Float32Array);
    return [name, { ...initial, data: view }] as const;
  });
  return { variables: Object.fromEntries(views), fed: { [packedName]: float32(data) } };
}

/** Where each variable lies in the one tensor, and how long that is. */
function placesOf(variables: readonly Variable[]) {
  let length = 0;
  const places = variables.map(({ name, initial }) => {
    const from = length;
    length += sizeOf(initial.shape);
    return { name, initial, shape: initial.shape, from, to: length };
  });
  return { places, length };
}
