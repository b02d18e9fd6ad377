/** What ONNX Runtime finds out about the types and shapes of a model's inner tensors. */

import * as ort from "onnxruntime-node";
import { ModelError } from "./error.ts";
import type { Model, ValueInfo } from "./model.ts";
import { sessionSettings, valueInfoOf } from "./session.ts";
import { encodeModel } from "./write.ts";

/**
 * Type and shape of tensors of the main graph, by name, as ONNX Runtime infers them; nothing is run. What the model
 * says of them is not used. A scalar comes without a shape, like a tensor whose rank cannot be inferred.
 */
export async function inferValues(model: Model, names: readonly string[]): Promise<Map<string, ValueInfo>> {
  if (names.length === 0) return new Map();
  const made = new Set(model.graph.nodes.flatMap((node) => node.outputs));
  for (const name of names) {
    if (name === "" || !made.has(name)) throw new ModelError(`no node of the main graph makes "${name}"`);
  }
  const graph = { ...model.graph, outputs: [], values: new Map() };
  const bytes = encodeModel({ ...model, graph }, { untypedOutputs: names });
  const session = await ort.InferenceSession.create(bytes, {
    ...sessionSettings({ optimization: "disabled" }),
    executionProviders: ["cpu"],
  });
  const values = session.outputMetadata.map(valueInfoOf);
  await session.release();
  // ONNX Runtime reports an unknown rank like a scalar's.
  const known = values.map(({ name, dtype, shape }) =>
    shape?.length ? { name, dtype, shape } : { name, dtype },
  );
  return new Map(known.map((value) => [value.name, value]));
}
