import { gradients, pullback } from "@optogram/autodiff";
import * as op from "@optogram/onnx";
import {
  attributesOf,
  float32,
  GraphBuilder,
  int64,
  openSession,
  reduceSum,
  type Value,
} from "@optogram/onnx";
import { describe, expect, test } from "vitest";

/** The gradient of Σ f(x) at x. */
async function slope(data: number[], f: (x: Value, g: GraphBuilder) => Value): Promise<number[]> {
  const g = new GraphBuilder();
  const x = g.input("x", [data.length]);
  const [dx] = gradients(reduceSum(f(x, g)), [x]);
  g.output("dx", dx);
  const session = await openSession(g.model(), { threads: 1 });
  const results = await session.run({ x: float32(data) });
  await session.close();
  return Array.from(results.dx.data as Float32Array);
}

describe("where a function has a kink or an edge, the gradient is PyTorch's", () => {
  const at0: readonly (readonly [string, (x: Value, g: GraphBuilder) => Value, number])[] = [
    ["x² at 0", (x) => op.pow(x, 2), 0],
    ["x¹ at 0", (x) => op.pow(x, 1), 1],
    ["x³ at 0", (x) => op.pow(x, 3), 0],
    ["x² at 0, exponent fed as a tensor", (x, g) => op.pow(x, g.constant(float32([2, 0], [2, 1]))), 0],
    ["relu at 0", op.relu, 0],
    ["|x| at 0", op.abs, 0],
    ["‖x‖ at 0", (x) => op.reduceL2(x), 0],
    ["max(x, 0) at 0: half each", (x) => op.max(x, 0), 0.5],
    ["min(x, x) at 0", (x) => op.min(x, x), 1],
    ["clip at its lower limit", (x) => op.clip(x, 0, 1), 1],
    ["clip at its upper limit", (x) => op.clip(x, -1, 0), 1],
  ];
  for (const [what, f, expected] of at0)
    test(what, async () => {
      expect(await slope([0], f)).toEqual([expected]);
    });

  test("x⁰ at 0 next to another term", async () => {
    expect(await slope([0, 2], (x) => op.add(op.pow(x, 0), x))).toEqual([1, 1]);
  });
  test("equal maxima share the gradient", async () => {
    expect(await slope([3, 1, 3], (x) => op.reduceMax(x))).toEqual([0.5, 0, 0.5]);
  });
  test("of equal elements MaxPool takes the first", async () => {
    expect(await slope([3, 3], (x) => op.maxPool(op.reshape(x, [1, 1, 2]), { kernel: [2] }))).toEqual([1, 0]);
  });
  test("infinite elements leave zeros zero", async () => {
    const picked = (x: Value) => op.topK(x, 1, 0, { largest: false }).values;
    expect(await slope([Number.POSITIVE_INFINITY, 2, 1], picked)).toEqual([0, 0, 1]);
  });
});

test("rows gathered many times are all counted", async () => {
  const g = new GraphBuilder();
  const [rows, width, reads] = [600, 64, 4_000];
  const x = g.input("x", [rows, width]);
  const indices = g.input("indices", [reads], "int64");
  const [dx] = gradients(reduceSum(op.gather(x, indices)), [x]);
  g.output("dx", dx);
  const session = await openSession(g.model(), { threads: 4 });
  const feeds = {
    x: float32(new Float32Array(rows * width), [rows, width]),
    indices: int64(Array.from({ length: reads }, (_, i) => (i * 31) % 7)),
  };
  const { dx: result } = await session.run(feeds);
  await session.close();
  const counted = (result.data as Float32Array).reduce((a, b) => a + b, 0);
  expect(counted).toBe(reads * width);
});

describe("gradients", () => {
  test("name the operator and the node that has no rule", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const [y] = g.node("Asinh", [x], [{ dtype: "float32", shape: [2] }]);
    expect(() => gradients(reduceSum(y), [x])).toThrow("no gradient rule for Asinh (node Asinh_1)");
  });
  test("do not ask for rules off the way", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const [constant] = g.node("Asinh", [g.constant(float32([1, 2]))], [{ dtype: "float32", shape: [2] }]);
    expect(gradients(reduceSum(op.mul(x, constant)), [x])[0].shape).toEqual([2]);
  });
  test("take an operator of another domain for another operator", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [2]);
    const [y] = g.node("Add", [x, x], [{ dtype: "float32", shape: [2] }], {}, "my.operators");
    expect(() => gradients(reduceSum(y), [x])).toThrow("no gradient rule for my.operators.Add");
  });
  test("name the node with an option that has no rule", () => {
    const g = new GraphBuilder();
    const x = g.input("x", [1, 1, 4, 4]);
    const type = { dtype: "float32" as const, shape: [1, 1, 8, 8] };
    const sizes = g.integers(type.shape);
    const [y] = g.node("Resize", [x, undefined, undefined, sizes], [type], attributesOf({ mode: "cubic" }));
    expect(() => gradients(reduceSum(y), [x])).toThrow(
      "no gradient rule for Resize with mode cubic (node Resize_1)",
    );
  });
  test("refuse a loss that is no scalar", () => {
    const x = new GraphBuilder().input("x", [2]);
    expect(() => gradients(op.exp(x), [x])).toThrow("must be a scalar");
  });
  test("say which tensor does not reach the loss", () => {
    const g = new GraphBuilder();
    const [x, z] = [g.input("x", [2]), g.input("z", [2])];
    expect(() => gradients(reduceSum(x), [z])).toThrow("z does not reach");
  });
  test("do not flow back through what is taken as constant", async () => {
    const product = (x: Value) => {
      const held = op.exp(x);
      const [dx] = gradients(reduceSum(op.mul(x, held)), [x], [held]);
      return op.sub(dx, held);
    };
    const g = new GraphBuilder();
    const difference = product(g.input("x", [2]));
    g.output("difference", difference);
    const session = await openSession(g.model(), { threads: 1 });
    const results = await session.run({ x: float32([1, -2]) });
    await session.close();
    expect(Array.from(results.difference.data as Float32Array)).toEqual([0, 0]);
  });
  test("of gradients: the second derivative of x⁴", async () => {
    const second = (x: Value) => {
      const [dx] = gradients(reduceSum(op.pow(x, 4)), [x]);
      return dx;
    };
    expect(await slope([1, -2], second)).toEqual([12, 48]);
  });
  test("for an inner tensor and by any cotangent", async () => {
    const g = new GraphBuilder();
    const h = op.mul(g.input("x", [3]), 2);
    const [dh] = pullback(op.square(h), g.constant(float32([1, 0, -1])), [h]);
    g.output("dh", dh);
    const session = await openSession(g.model(), { threads: 1 });
    const { dh: result } = await session.run({ x: float32([1, 2, 3]) });
    await session.close();
    expect(Array.from(result.data as Float32Array)).toEqual([4, 0, -12]);
  });
});
