import { join as joinPath } from "node:path";
import {
  bytesOf,
  checkModel,
  cut,
  float32,
  floatToHalf,
  halfToFloat,
  halveWeights,
  inferValues,
  join,
  type Model,
  prefixNames,
  prune,
  readModel,
  specialise,
  type Tensor,
  tap,
  toFloat32,
} from "@optogram/onnx";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encoders,
  fixture,
  haveEncoders,
  modelOf,
  node,
  noise,
  outputsOf,
  twoLayers,
  value,
} from "./support.ts";

const x = float32([1, 2, -3, 4], [2, 2]);
const largest = (tensor: Tensor | undefined) => Math.max(...numbers(tensor).map(Math.abs));
const furthest = (a: Tensor | undefined, b: Tensor | undefined) =>
  Math.max(...numbers(a).map((v, i) => Math.abs(v - (numbers(b)[i] ?? Number.NaN))));
const numbers = (tensor: Tensor | undefined) => Array.from(tensor?.data as Float32Array);

describe("tap", () => {
  it("makes inner tensors outputs and leaves the others as they were", async () => {
    const tapped = await tap(twoLayers, ["hidden", "sum"]);
    expect(tapped.graph.outputs).toEqual([
      ...twoLayers.graph.outputs,
      value("hidden", ["n", 3]),
      value("sum", ["n", 3]),
    ]);
    const { hidden, sum, y } = await outputsOf(tapped, { x });
    expect(numbers(sum).map((v) => Math.max(v, 0))).toEqual(numbers(hidden));
    expect({ y }).toEqual(await outputsOf(twoLayers, { x }));
  });

  it("finds out types that the file does not say, float16 as well", async () => {
    const half = await readModel(fixture("half.onnx"));
    const tapped = await tap(half, ["inner", "wide", "y"]);
    expect(tapped.graph.outputs).toEqual([
      value("y", ["n", 2], "float16"),
      value("inner", ["n", 2], "float16"),
      value("wide", ["n", 2]),
    ]);
    const { inner, wide } = await outputsOf(tapped, { x });
    expect(inner?.dtype).toBe("float32");
    expect(inner).toEqual(wide);
  });

  it("says when there is no such tensor", async () => {
    await expect(tap(twoLayers, ["nowhere"])).rejects.toThrow(/no node of the main graph makes "nowhere"/);
  });
});

describe("cut", () => {
  it("parts a model in two that make it up again", async () => {
    const whole = await outputsOf(twoLayers, { x });
    for (const at of ["product", "sum", "hidden"]) {
      const head = await cut(twoLayers, { outputs: [at] });
      const tail = await cut(twoLayers, { inputs: [at], outputs: ["y"] });
      checkModel(head);
      checkModel(tail);
      expect(head.graph.nodes.length + tail.graph.nodes.length).toBe(4);
      expect(await outputsOf(tail, await outputsOf(head, { x }))).toEqual(whole);
      expect(await outputsOf(join(head, tail, { [at]: at }, "tail/"), { x })).toEqual(whole);
    }
  });

  it("leaves out what is not needed", async () => {
    const head = await cut(twoLayers, { outputs: ["product"] });
    expect([...head.graph.initializers.keys()]).toEqual(["W1"]);
    expect(head.graph.nodes.map(({ op }) => op)).toEqual(["MatMul"]);
    const constant = await cut(twoLayers, { outputs: ["W2"] });
    expect(constant.graph.inputs).toEqual([]);
  });

  it("keeps the other outputs of a node of which one is fed", async () => {
    const model = modelOf({
      nodes: [
        node("TopK", ["x", "k"], ["values", "places"]),
        node("Neg", ["values"], ["n"]),
        node("Neg", ["places"], ["m"]),
      ],
      inputs: [value("x", [2, 2])],
      outputs: [value("n", [2, 1]), value("m", [2, 1], "int64")],
      initializers: new Map([["k", { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) }]]),
    });
    const part = await cut(model, { inputs: ["x", "values"], outputs: ["n", "m"] });
    const { n, m } = await outputsOf(part, { x, values: float32([5, 6], [2, 1]) });
    expect(numbers(n)).toEqual([-5, -6]);
    expect(m?.data).toEqual(BigInt64Array.of(-1n, -1n));
  });

  it("keeps what graphs within nodes use from around them", async () => {
    const nested = await readModel(fixture("nested.onnx"));
    const part = await cut(nested, { outputs: ["chosen"] });
    expect(part.graph.inputs.map(({ name }) => name)).toEqual(["x", "condition"]);
    const feeds = { x, condition: { dtype: "bool" as const, shape: [], data: Uint8Array.of(0) } };
    expect(numbers((await outputsOf(part, feeds)).chosen)).toEqual([-2.5, -5, 7.5, -10]);
    const tail = await cut(nested, { inputs: ["s", "condition"], outputs: ["y"] });
    expect(tail.graph.nodes.map(({ op }) => op)).toEqual(["If", "MatMul"]);
  });

  it("refuses a part that depends on more than its inputs", async () => {
    const residual = modelOf({
      nodes: [node("Relu", ["x"], ["r"]), node("Add", ["x", "r"], ["y"])],
      inputs: [value("x", [2])],
      outputs: [value("y", [2])],
    });
    await expect(cut(residual, { inputs: ["r"], outputs: ["y"] })).rejects.toThrow(
      /also depends on input "x"/,
    );
  });
});

describe("join", () => {
  const doubled = modelOf({
    nodes: [node("Mul", ["in", "two"], ["hidden"]), node("Add", ["hidden", "shift"], ["out"])],
    inputs: [value("in", ["n", 1]), value("shift", [1])],
    outputs: [value("out", ["n", 1])],
    initializers: new Map([["two", float32([2])]]),
  });

  it("keeps the inputs and outputs that are not connected", async () => {
    const model = join(await tap(twoLayers, ["sum"]), doubled, { y: "in" }, "second/");
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(["x", "shift"]);
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(["sum", "out"]);
    expect(model.graph.nodes.map(({ name }) => name)).toContain("second/Mul:hidden");
    const { y } = await outputsOf(twoLayers, { x });
    const { out } = await outputsOf(model, { x, shift: float32([1]) });
    expect(numbers(out)).toEqual(numbers(y).map((v) => Math.fround(2 * v + 1)));
  });

  it("refuses what does not fit", () => {
    expect(() => join(twoLayers, doubled, { y: "in" })).toThrow(/both models have a tensor "hidden"/);
    expect(() => join(twoLayers, doubled, { z: "in" }, "s/")).toThrow(/first model has no output "z"/);
    expect(() => join(twoLayers, doubled, { y: "z" }, "s/")).toThrow(/second model has no input "z"/);
    const other = (part: Partial<Model["graph"]>): Model => ({
      ...doubled,
      graph: { ...doubled.graph, ...part },
    });
    const wide = other({ inputs: [value("in", ["n", 7]), value("shift", [1])] });
    expect(() => join(twoLayers, wide, { y: "in" }, "s/")).toThrow(
      /output "y" \(float32 \[n,1\]\) does not fit input "in" \(float32 \[n,7\]\)/,
    );
    const double = other({ inputs: [value("in", ["n", 1], "float64"), value("shift", [1])] });
    expect(() => join(twoLayers, double, { y: "in" }, "s/")).toThrow(/does not fit/);
    expect(() => join(twoLayers, { ...doubled, opsets: { "": 9 } }, { y: "in" }, "s/")).toThrow(
      /operator sets of the two models are 17 and 9/,
    );
  });
});

it("prefixes names everywhere but where they are kept", async () => {
  const nested = await readModel(fixture("nested.onnx"));
  const prefixed = prefixNames(nested, "a/", ["x", "condition", "y"]);
  checkModel(prefixed);
  expect([...prefixed.graph.initializers.keys()]).toEqual(["a/S"]);
  const feeds = { x, condition: { dtype: "bool" as const, shape: [], data: Uint8Array.of(1) } };
  expect(await outputsOf(prefixed, feeds)).toEqual(await outputsOf(nested, feeds));
});

it("prunes to the outputs", () => {
  const { graph } = twoLayers;
  const pruned = prune({
    ...graph,
    outputs: [value("product", ["n", 3])],
    values: new Map([["hidden", value("hidden", [1])]]),
  });
  expect(pruned.nodes).toHaveLength(1);
  expect(pruned.values.size).toBe(0);
});

describe("specialise", () => {
  it("gives every tensor a static shape", async () => {
    const typed = await specialise(twoLayers, { x: [5, 2] });
    expect(typed.graph.inputs).toEqual([value("x", [5, 2])]);
    expect(typed.graph.outputs).toEqual([value("y", [5, 1])]);
    for (const { outputs } of typed.graph.nodes) {
      for (const name of outputs) expect(typed.graph.values.get(name)?.shape?.[0]).toBe(5);
    }
    const feed = { x: noise([5, 2]) };
    expect(await outputsOf(typed, feed)).toEqual(await outputsOf(twoLayers, feed));
  });

  it("folds computed shapes away", async () => {
    const model = modelOf({
      nodes: [
        node("Shape", ["x"], ["sizes"]),
        node("Gather", ["sizes", "zero"], ["batch"]),
        node("Concat", ["batch", "rest"], ["target"], { axis: { type: "int", value: 0 } }),
        node("Reshape", ["x", "target"], ["y"]),
      ],
      inputs: [value("x", ["n", 2, 3])],
      outputs: [value("y", ["n", 6])],
      initializers: new Map([
        ["zero", { dtype: "int64", shape: [1], data: BigInt64Array.of(0n) }],
        ["rest", { dtype: "int64", shape: [1], data: BigInt64Array.of(-1n) }],
      ]),
    });
    const typed = await specialise(model, { x: [4, 2, 3] });
    expect(typed.graph.nodes.map(({ op }) => op)).toEqual(["Reshape"]);
    expect(typed.graph.outputs[0]?.shape).toEqual([4, 6]);
  });

  it("learns scalars and shapes that depend on values from a run", async () => {
    const model = modelOf({
      nodes: [
        node("NonZero", ["x"], ["places"]),
        node("ReduceSum", ["x"], ["s"], { keepdims: { type: "int", value: 0 } }),
        node("Neg", ["s"], ["y"]),
      ],
      inputs: [value("x", ["n"])],
      outputs: [value("y", []), value("places", [1, undefined], "int64")],
    });
    const { graph } = await specialise(model, { x: [3] });
    expect(graph.values.get("s")?.shape).toEqual([]);
    expect(graph.values.get("places")).toEqual(value("places", [1, 0], "int64"));
  });

  it("binds a named size once for all inputs", async () => {
    const model = modelOf({
      nodes: [node("Add", ["a", "b"], ["y"])],
      inputs: [value("a", ["n", 2]), value("b", ["n", 2])],
      outputs: [value("y", ["n", 2])],
    });
    expect((await specialise(model, { a: [3, 2] })).graph.inputs).toEqual([
      value("a", [3, 2]),
      value("b", [3, 2]),
    ]);
    await expect(specialise(model, { a: [3, 2], b: [4, 2] })).rejects.toThrow(/"n" is 3 in another place/);
    await expect(specialise(model)).rejects.toThrow(/input "a" is \[n, 2\]: say which shape it shall have/);
    await expect(specialise(model, { a: [3, 5] })).rejects.toThrow(
      /input "a" is \[n, 2\] and cannot become \[3,5\]/,
    );
    await expect(specialise(model, { a: [3] })).rejects.toThrow(/cannot become \[3\]/);
    await expect(specialise(model, { c: [3] })).rejects.toThrow(/no input "c"; its inputs are "a","b"/);
  });

  it("brings an old operator set to the one that graphs are built in", async () => {
    const old = await readModel(fixture("old-style.onnx"));
    const typed = await specialise(old, { x: [2, 5] });
    expect(typed.opsets).toEqual({ "": 23 });
    const feed = { x: noise([2, 5]) };
    const expected = await outputsOf(fixture("old-style.onnx"), feed);
    const results = await outputsOf(typed, feed);
    expect(Object.keys(results)).toEqual(Object.keys(expected));
    for (const [name, tensor] of Object.entries(expected)) {
      expect(results[name]?.shape).toEqual(tensor.shape);
      expect(furthest(results[name], tensor)).toBeLessThan(1e-6);
    }
  });

  it("computes float16 models in float32", async () => {
    const typed = await specialise(await readModel(fixture("half.onnx")), { x: [2, 2] });
    expect([...typed.graph.values.values()].every(({ dtype }) => dtype === "float32")).toBe(true);
    expect(numbers((await outputsOf(typed, { x })).y)).toEqual([4.5, 0, 6.5, 4]);
  });

  it.skipIf(!haveEncoders)(
    "leaves standard operators and static shapes in real models",
    async () => {
      const batches = {
        "resnet20-cifar10": 3,
        "vit-pgd-2-3-16-cifar10": 3,
        "vit-ibp-3-3-8-cifar10": 2,
        "squeezenet-imagenet-fp16": 1,
      };
      for (const [name, batch] of Object.entries(batches)) {
        const path = joinPath(encoders, `${name}.onnx`);
        const model = await readModel(path);
        const [input] = model.graph.inputs;
        const shape = [batch, ...(input?.shape ?? []).slice(1).map(Number)];
        const typed = await specialise(model, { [input?.name ?? ""]: shape });
        expect(typed.opsets).toEqual({ "": 23 });
        expect(typed.graph.nodes.every(({ domain }) => domain === "")).toBe(true);
        expect(
          typed.graph.nodes.some(({ op }) => ["Shape", "Constant", "ConstantOfShape"].includes(op)),
        ).toBe(false);
        for (const out of typed.graph.nodes.flatMap(({ outputs }) => outputs)) {
          expect(typed.graph.values.get(out)?.shape?.every((size) => typeof size === "number")).toBe(true);
        }
        const feed = { [input?.name ?? ""]: noise(shape) };
        const expected = await outputsOf(path, feed);
        for (const [output, tensor] of Object.entries(await outputsOf(typed, feed))) {
          expect(furthest(tensor, expected[output])).toBeLessThan(2e-3 * largest(expected[output]));
        }
      }
    },
    60_000,
  );
});

describe("half precision", () => {
  it("rounds to the nearest, ties to even", () => {
    const cases = [
      0,
      -0,
      1,
      65504,
      65519,
      65520,
      -1e9,
      2 ** -24,
      2 ** -25,
      2 ** -25 * 1.001,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      Number.NaN,
    ];
    const expected = [
      0,
      -0,
      1,
      65504,
      65504,
      Infinity,
      -Infinity,
      2 ** -24,
      0,
      2 ** -24,
      1,
      1 + 2 ** -9,
      Number.NaN,
    ];
    expect(Array.from(halfToFloat(floatToHalf(Float32Array.from(cases))))).toEqual(expected);
  });

  it("comes back from float32 as it was", () => {
    fc.assert(
      fc.property(fc.uint16Array(), (bits) => {
        const numbers = bits.filter((word) => (word & 0x7c00) !== 0x7c00);
        expect(floatToHalf(halfToFloat(numbers))).toEqual(numbers);
      }),
    );
  });

  it("halves the weights that it can hold, and computes with what is left of them", async () => {
    const weights = noise([32, 16]);
    const large = float32(new Float32Array(300).fill(1e6), [300]);
    const { graph } = modelOf({
      nodes: [node("MatMul", ["x", "W"], ["y"]), node("ReduceSum", ["large"], ["z"])],
      inputs: [value("x", ["n", 32])],
      outputs: [value("y", ["n", 16]), value("z", [1])],
      initializers: new Map([
        ["W", weights],
        ["large", large],
      ]),
    });
    const halved = halveWeights(modelOf(graph));
    checkModel(halved);
    expect(halved.graph.initializers.get("large")).toBe(large);
    expect(halved.graph.initializers.get("W.float16")?.data.length).toBe(512);
    expect(bytesOf(halved.graph.initializers.get("W.float16") ?? large).byteLength).toBe(1024);
    const rounded = float32(halfToFloat(floatToHalf(weights.data as Float32Array)), [32, 16]);
    const expected = modelOf({
      ...graph,
      initializers: new Map([
        ["W", rounded],
        ["large", large],
      ]),
    });
    const feed = { x: noise([4, 32], 3) };
    expect(await outputsOf(halved, feed)).toEqual(await outputsOf(expected, feed));
    expect(await outputsOf(await specialise(halved, { x: [4, 32] }), feed)).toEqual(
      await outputsOf(expected, feed),
    );
  });

  it("becomes float32 in types, weights, constants and casts", async () => {
    const wide = toFloat32(await readModel(fixture("half.onnx")));
    const types = [...wide.graph.inputs, ...wide.graph.outputs, ...wide.graph.initializers.values()].map(
      ({ dtype }) => dtype,
    );
    expect(new Set(types)).toEqual(new Set(["float32"]));
    const inferred = await inferValues(wide, ["inner", "narrow"]);
    expect(inferred.get("narrow")).toEqual(value("narrow", ["n", 2]));
  });
});
