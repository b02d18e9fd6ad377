import {
  add,
  expand,
  type GraphBuilder,
  matmul,
  mul,
  reduceSum,
  relu,
  scatterElements,
  square,
  sub,
  topK,
  type Value,
} from "@optogram/onnx";
import { expect, test } from "vitest";
import {
  Adam,
  distance,
  fixture,
  type Network,
  numbers,
  openGradients,
  part,
  readTensors,
  type Tensors,
  under,
} from "./goldens.ts";

const names = ["W_enc", "b_enc", "W_dec", "b_dec"];

/** A sparse autoencoder's loss over rows x [n, d]; `code` makes the code of what the encoder gives. */
function autoencoder(
  x: Readonly<Record<string, Value>>,
  code: (pre: Value) => Value,
  penalty: number,
): Network {
  const rows = x.x.shape[0];
  const z = code(add(matmul(sub(x.x, x.b_dec), x.W_enc), x.b_enc));
  const error = square(sub(add(matmul(z, x.W_dec), x.b_dec), x.x));
  const squared = mul(reduceSum(error), 1 / rows);
  return { loss: penalty === 0 ? squared : add(squared, mul(reduceSum(z), penalty / rows)) };
}

function largest(pre: Value, graph: GraphBuilder): Value {
  const { values, indices } = topK(relu(pre), 8);
  return scatterElements(expand(graph.scalar(0), pre.shape), indices, values, 1);
}

/** A gradient without its part along each (unit) row, in place. */
function tangent(gradient: Float32Array, rows: Float32Array, width: number): void {
  for (let start = 0; start < rows.length; start += width) {
    let along = 0;
    for (let i = start; i < start + width; i++) along += gradient[i] * rows[i];
    for (let i = start; i < start + width; i++) gradient[i] -= along * rows[i];
  }
}

function unitRows(rows: Float32Array, width: number): void {
  for (let start = 0; start < rows.length; start += width) {
    const norm = Math.hypot(...rows.subarray(start, start + width));
    for (let i = start; i < start + width; i++) rows[i] /= norm;
  }
}

const variants: readonly (readonly [
  string,
  (x: Readonly<Record<string, Value>>, graph: GraphBuilder) => Network,
])[] = [
  ["relu_l1", (x) => autoencoder(x, relu, 3e-3)],
  ["topk", (x, graph) => autoencoder(x, (pre) => largest(pre, graph), 0)],
];

for (const [name, build] of variants)
  test(`PyTorch's 25 Adam steps of a sparse autoencoder: ${name}`, async () => {
    const golden = readTensors(fixture(`sae.${name}.safetensors`));
    const parameters: Tensors = under(golden, "start.");
    const feed = (step: number) => ({ ...parameters, x: part(golden.batches, step) });
    const session = await openGradients(feed(0), names, build);
    const adam = new Adam(1e-2);
    const width = golden["start.W_dec"].shape[1];
    const losses: number[] = [];
    for (let step = 0; step < 25; step++) {
      const results = await session.run(feed(step));
      losses.push(numbers(results.loss)[0]);
      const gradientOf = under(results, "grad.");
      if (step === 0)
        for (const key of names)
          expect(distance(gradientOf[key], golden[`grad0.${key}`]), key).toBeLessThan(1e-5);
      const dictionary = numbers(parameters.W_dec);
      tangent(numbers(gradientOf.W_dec), dictionary, width);
      adam.update(parameters, gradientOf);
      unitRows(dictionary, width);
    }
    await session.close();
    for (const [step, expected] of numbers(golden.losses).entries())
      expect(Math.abs(losses[step] / expected - 1), `loss of step ${step}`).toBeLessThan(1e-4);
    for (const key of names) expect(distance(parameters[key], golden[`end.${key}`]), key).toBeLessThan(1e-3);
  });
