import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  float32,
  type Graph,
  type Model,
  type Node,
  openSession,
  type Tensor,
  type ValueInfo,
} from "@optogram/onnx";

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Real models, where the checkout has them beside it. */
export const encoders = fileURLToPath(new URL("../../../../shared/data/encoders/", import.meta.url));
export const haveEncoders = existsSync(encoders);

export function node(
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Node["attributes"] = {},
): Node {
  return { op, domain: "", name: `${op}:${outputs[0]}`, inputs, outputs, attributes };
}

export function value(
  name: string,
  shape: ValueInfo["shape"],
  dtype: ValueInfo["dtype"] = "float32",
): ValueInfo {
  return shape === undefined ? { name, dtype } : { name, dtype, shape };
}

export function modelOf(graph: Partial<Graph>, opset = 17): Model {
  return {
    irVersion: 10,
    opsets: { "": opset },
    producer: "test",
    functions: [],
    metadata: {},
    graph: {
      name: "g",
      nodes: [],
      inputs: [],
      outputs: [],
      initializers: new Map(),
      values: new Map(),
      ...graph,
    },
  };
}

/** x [n, 2] through two layers: "hidden" [n, 3] between them, "y" [n, 1] at the end. */
export const twoLayers = modelOf({
  nodes: [
    node("MatMul", ["x", "W1"], ["product"]),
    node("Add", ["product", "b1"], ["sum"]),
    node("Relu", ["sum"], ["hidden"]),
    node("MatMul", ["hidden", "W2"], ["y"]),
  ],
  inputs: [value("x", ["n", 2])],
  outputs: [value("y", ["n", 1])],
  initializers: new Map([
    ["W1", float32([1, -2, 3, 0.5, 1, -1], [2, 3])],
    ["b1", float32([0.1, 0.2, 0.3])],
    ["W2", float32([1, 2, -1], [3, 1])],
  ]),
});

export async function outputsOf(
  model: Model | Uint8Array | string,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const session = await openSession(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

/** Numbers in [-1, 1) that look like noise and are the same every time. */
export function noise(shape: readonly number[], seed = 1): Tensor {
  let state = seed;
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { dtype: "float32", shape, data };
}
