/** A small convolutional encoder with random weights, for any number of pictures of 16 pixels. */

import { cardSchema } from "@optogram/encoders";
import { add, conv, GraphBuilder, matmul, quickGelu, reduceMean } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { normal } from "@optogram/training";
import type { Network } from "../src/judge.ts";

export const size = 16;
export const dimension = 8;

export function tinyEncoder(): Network {
  const random = seededRandom(5);
  const draw = (shape: number[], deviation: number) =>
    g.constant(normal(() => random.normal(), shape, deviation));
  const g = new GraphBuilder();
  const patches = conv(g.input("x", [2, 3, size, size]), draw([12, 3, 4, 4], 0.3), draw([12], 0.3), {
    stride: 4,
  });
  const mixed = conv(quickGelu(patches), draw([16, 12, 3, 3], 0.2), undefined, { padding: 1 });
  const pooled = reduceMean(quickGelu(mixed), { axes: [2, 3] });
  g.output("out", add(matmul(pooled, draw([16, dimension], 1)), draw([dimension], 0.1)));
  const model = g.model();
  const inputs = model.graph.inputs.map((input) => ({ ...input, shape: ["n", 3, size, size] }));
  const outputs = model.graph.outputs.map(({ name, dtype }) => ({ name, dtype }));
  return {
    card: cardSchema.parse({
      name: "toy",
      title: "A toy",
      file: "toy.onnx",
      input: { preprocessing: { size, mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4], channels: "bgr" } },
      outputs: { embedding: { tensor: "out" } },
    }),
    model: { ...model, graph: { ...model.graph, inputs, outputs, values: new Map() } },
  };
}

/** n directions of random numbers. */
export function directions(n: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: n * dimension }, () => random.normal());
}

/** n smooth colourful pictures [n, 3, size, size] in 0.1..0.9. */
export function pictures(n: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  const all = new Float32Array(n * 3 * size * size);
  for (let plane = 0; plane < n * 3; plane++) {
    const [a, b, phase] = [random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), random.uniform(0, 6)];
    for (let i = 0; i < size * size; i++)
      all[plane * size * size + i] =
        0.5 +
        0.35 * Math.sin(a * (i % size) + b * Math.floor(i / size) + phase) +
        random.uniform(-0.05, 0.05);
  }
  return all;
}
