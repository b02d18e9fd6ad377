import { fileURLToPath } from "node:url";
import { readTensors } from "@optogram/artifacts";
import { float32, type Tensor } from "@optogram/onnx";
import { saeStep, tensorNames, type Variant } from "@optogram/train-sae";
import { describe, expect, it } from "vitest";

/** PyTorch's trajectories over 25 Adam steps at learning rate 0.01, with unit decoder rows. */
const cases: readonly (readonly [string, Variant])[] = [
  ["relu_l1", { kind: "relu", l1: 3e-3 }],
  ["topk", { kind: "topk", k: 8 }],
];

describe("training follows PyTorch's trajectory", () => {
  it.each(cases)("%s", async (name, variant) => {
    const path = fileURLToPath(new URL(`../fixtures/sae.${name}.safetensors`, import.meta.url));
    const { tensors: golden } = await readTensors(path);
    const initial = Object.fromEntries(
      Object.values(tensorNames).map((key) => [key, golden[`start.${key}`] as Tensor]),
    );
    const [steps, rows, d] = golden.batches.shape;
    const training = await saeStep({ initial, batch: rows, variant, deadAfter: 1000 });
    const batches = golden.batches.data as Float32Array;
    const losses = golden.losses.data as Float32Array;
    for (let i = 0; i < steps; i++) {
      const x = float32(batches.slice(i * rows * d, (i + 1) * rows * d), [rows, d]);
      const { loss } = await training.run({ x }, 1e-2);
      expect(Math.abs(loss - losses[i]) / losses[i]).toBeLessThan(1e-4);
    }
    for (const key of Object.values(tensorNames)) {
      const end = golden[`end.${key}`].data as Float32Array;
      const own = training.variable(key).data as Float32Array;
      const error = end.reduce((sum, value, i) => sum + (value - own[i]) ** 2, 0);
      const size = end.reduce((sum, value) => sum + value ** 2, 0);
      expect(Math.sqrt(error / size)).toBeLessThan(1e-3);
    }
    await training.close();
  });
});
