/** Small encoders on disk whose outputs can be worked out by hand. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataType, GraphBuilder, type Model, type Value, writeModel } from "@optogram/onnx";

/** `draw` gets the input [batch, 3, 4, 4] and names outputs; inner tensors get names of their own from it. */
export function network(
  draw: (g: GraphBuilder, x: Value) => void,
  batch = 2,
  dtype: DataType = "float32",
): Model {
  const g = new GraphBuilder();
  draw(g, g.input("x", [batch, 3, 4, 4], dtype));
  return g.model();
}

/** The same model for any number of images. */
export function anyBatch(model: Model): Model {
  const { graph } = model;
  const inputs = graph.inputs.map((input) => ({ ...input, shape: ["n", ...(input.shape ?? []).slice(1)] }));
  const outputs = graph.outputs.map(({ name, dtype }) => ({ name, dtype }));
  return { ...model, graph: { ...graph, inputs, outputs, values: new Map() } };
}

export const plainCard = {
  name: "toy",
  title: "A toy",
  file: "toy.onnx",
  input: { preprocessing: { size: 4, mean: [0, 0, 0], std: [1, 1, 1], scale: 1 } },
  outputs: { embedding: { tensor: "out" } },
};

/** A folder of encoders, removed by `remove`. */
export async function encoderFolder() {
  const root = await mkdtemp(join(tmpdir(), "encoders-"));
  return {
    root,
    async add(name: string, card: unknown, model?: Model): Promise<string> {
      const folder = join(root, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "card.json"), typeof card === "string" ? card : JSON.stringify(card));
      if (model) await writeModel(join(folder, "toy.onnx"), model);
      return folder;
    },
    remove: () => rm(root, { recursive: true }),
  };
}
