import { pullback } from "@optogram/autodiff";
import {
  float32,
  GraphBuilder,
  openSession,
  readModel,
  sizeOf,
  specialise,
  type Tensor,
} from "@optogram/onnx";
import { describe, expect, test } from "vitest";
import { spread } from "./differences.ts";
import { numbers, shared } from "./goldens.ts";

/** Real models as other exporters wrote them, and inputs of about the size that they expect. */
const models = [
  { file: "resnet20-cifar10.onnx", scale: 2 },
  { file: "resnet56-cifar10.onnx", scale: 2 },
  { file: "vit-ibp-3-3-8-cifar10.onnx", scale: 2 },
  { file: "vit-pgd-2-3-16-cifar10.onnx", scale: 2 },
  { file: "squeezenet-imagenet-fp16.onnx", scale: 100 },
] as const;

/** Half the length of the way, as a share of the input's size, and the points on it. */
const reach = 0.005;
const points = 10;

const dot = (a: ArrayLike<number>, b: readonly number[]) => b.reduce((sum, v, i) => sum + v * a[i], 0);

const along = (x: Tensor, direction: readonly number[], step: number): Tensor =>
  float32(
    numbers(x).map((value, i) => value + step * direction[i]),
    x.shape,
  );

describe("the input gradients of real models agree with directional derivatives", () => {
  for (const { file, scale } of models) {
    const path = shared(`data/encoders/${file}`);
    test.skipIf(!path)(file, async () => {
      const model = await readModel(path as string);
      const [input] = model.graph.inputs.filter(({ name }) => !model.graph.initializers.has(name));
      const shape = (input.shape ?? []).map((size, i) => (i === 0 ? 1 : Number(size)));
      const special = await specialise(model, { [input.name]: shape });

      const graph = new GraphBuilder();
      const x = graph.input("x", shape);
      const inner = graph.splice(special, { [input.name]: x }, "encoder/");
      const y = inner.get(special.graph.outputs[0].name);
      if (!y) throw new Error("the model has no output");
      const cotangent = spread(sizeOf(y.shape), 3);
      const [dx] = pullback(y, graph.constant(float32(cotangent, y.shape)), [x]);
      graph.output("y", y);
      graph.output("dx", dx);
      const session = await openSession(graph.model(), { threads: 1 });

      const start = float32(
        spread(sizeOf(shape), 1).map((value) => value * scale),
        shape,
      );
      const { dx: slope } = await session.run({ x: start });
      // Uphill in every element, so that what is measured is large beside float32's rounding.
      const sizes = spread(sizeOf(shape), 2);
      const direction = sizes.map((size, i) => Math.abs(size) * scale * Math.sign(numbers(slope)[i]));
      const value = async (at: number) => {
        const { y: output } = await session.run({ x: along(start, direction, at) }, ["y"]);
        return dot(numbers(output), cotangent);
      };
      const rise = (await value(reach)) - (await value(-reach));
      // The gradient's integral along the way: kinks (ReLU, MaxPool) lie on it in any such network.
      let integral = 0;
      for (let i = 0; i < points; i++) {
        const at = reach * ((2 * i + 1) / points - 1);
        const { dx: gradient } = await session.run({ x: along(start, direction, at) }, ["dx"]);
        integral += (dot(numbers(gradient), direction) * 2 * reach) / points;
      }
      expect(Math.abs(integral / rise - 1)).toBeLessThan(0.003);
      await session.close();
    });
  }
});
