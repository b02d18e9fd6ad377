import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  availableDevices,
  bytesOf,
  devices,
  encodeModel,
  float32,
  type Model,
  openSession,
  readModel,
  type Tensor,
} from "@optogram/onnx";
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

describe("a session", () => {
  it("computes", async () => {
    const session = await openSession(twoLayers);
    const { y } = await session.run({ x });
    expect(y?.shape).toEqual([2, 1]);
    // max(0, x W1 + b1) W2 by hand: rows (2.1, 0.2, 1.3) and (0, 10.2, 0).
    expect(Array.from(y?.data as Float32Array)).toEqual([expect.closeTo(1.2, 5), expect.closeTo(20.4, 5)]);
    await session.close();
  });

  it("says what it takes and gives", async () => {
    const session = await openSession(encodeModel(twoLayers));
    expect(session.inputs).toEqual([value("x", ["n", 2])]);
    expect(session.outputs).toEqual([value("y", ["n", 1])]);
    await session.close();
  });

  it("knows shapes that the model leaves open, and tells a scalar from an unknown rank", async () => {
    const model = modelOf({
      nodes: [
        node("Relu", ["x"], ["r"]),
        node("Reshape", ["x", "shape"], ["u"]),
        node("ReduceSum", ["x"], ["s"], { keepdims: { type: "int", value: 0 } }),
      ],
      inputs: [value("x", [2, 2]), value("shape", undefined, "int64")],
      outputs: [value("r", undefined), value("u", undefined), value("s", [])],
    });
    const session = await openSession(model);
    expect(session.outputs).toEqual([value("r", [2, 2]), value("u", undefined), value("s", [])]);
    await session.close();
  });

  it("gives the outputs asked for", async () => {
    const { graph } = twoLayers;
    const session = await openSession({
      ...twoLayers,
      graph: { ...graph, outputs: [...graph.outputs, value("hidden", ["n", 3])] },
    });
    expect(Object.keys(await session.run({ x }, ["hidden"]))).toEqual(["hidden"]);
    expect(Object.keys(await session.run({ x }))).toEqual(["y", "hidden"]);
    await session.close();
  });

  it("fills the tensors it is given", async () => {
    const session = await openSession(twoLayers);
    const y = float32([0, 0], [2, 1]);
    const results = await session.run({ x }, { y });
    expect(results.y).toBe(y);
    expect(y).toEqual((await session.run({ x })).y);
    await session.close();
  });

  it("does not copy what it is fed", async () => {
    const session = await openSession(twoLayers);
    const shared = new Float32Array(8).fill(9);
    shared.set(x.data as Float32Array, 2);
    const part: Tensor = { dtype: "float32", shape: [2, 2], data: shared.subarray(2, 6) };
    expect(await session.run({ x: part })).toEqual(await session.run({ x }));
    await session.close();
  });

  it("names what is wrong with its feeds", async () => {
    const session = await openSession(twoLayers);
    await expect(session.run({ x: { ...x, shape: [3, 2] } })).rejects.toThrow(
      /"x" \[3,2\] takes 6 elements, not 4/,
    );
    await expect(session.run({})).rejects.toThrow(/input 'x' is missing/);
    await expect(session.run({ x, z: x })).rejects.toThrow(/no input "z"; its inputs are "x"/);
    await expect(session.run({ x }, ["q"])).rejects.toThrow(/no output "q"; its outputs are "y"/);
    await session.close();
    await expect(session.run({ x })).rejects.toThrow(/closed/);
    await session.close();
  });

  it("says in one line why a model cannot be opened", async () => {
    const broken = modelOf({
      nodes: [node("Bogus", ["x"], ["y"])],
      inputs: [value("x", [1])],
      outputs: [value("y", [1])],
    });
    await expect(openSession(broken)).rejects.toThrow(/^ONNX Runtime cannot open this model: .*Bogus[^\n]*$/);
    await expect(openSession(fixture("absent.onnx"))).rejects.toThrow(/absent\.onnx/);
    await expect(openSession(new Uint8Array(9))).rejects.toThrow(/cannot open this model/);
  });

  it("gives the same bytes every time and in every session", async () => {
    const model = modelOf({
      nodes: [
        node("MatMul", ["a", "b"], ["c"]),
        node("Softmax", ["c"], ["s"]),
        node("ReduceSum", ["s"], ["total"]),
      ],
      inputs: [value("a", [64, 96]), value("b", [96, 80])],
      outputs: [value("s", [64, 80]), value("total", [1, 1])],
    });
    const feeds = { a: noise([64, 96], 1), b: noise([96, 80], 2) };
    const first = await outputsOf(model, feeds);
    for (let i = 0; i < 3; i++) {
      const again = await outputsOf(model, feeds);
      for (const [name, tensor] of Object.entries(first))
        expect(bytesOf(again[name] ?? x)).toEqual(bytesOf(tensor));
    }
  });
});

describe("float16", () => {
  const sources: [string, () => Promise<Model | Uint8Array | string>][] = [
    ["a path", async () => fixture("half.onnx")],
    ["bytes", async () => readFileSync(fixture("half.onnx"))],
    ["a value", () => readModel(fixture("half.onnx"))],
  ];
  it.each(sources)("is float32 for those who feed and fetch: from %s", async (_, open) => {
    const session = await openSession(await open());
    expect(session.inputs).toEqual([value("x", ["n", 2])]);
    expect(session.outputs).toEqual([value("y", ["n", 2])]);
    const y = float32(new Float32Array(4), [2, 2]);
    await session.run({ x }, { y });
    expect(y).toEqual(float32([4.5, 0, 6.5, 4], [2, 2]));
    await session.close();
  });

  it("may come in and go out on the same tensor", async () => {
    const model = modelOf({
      nodes: [node("Relu", ["x"], ["y"])],
      inputs: [value("x", [2], "float16")],
      outputs: [value("y", [2], "float16")],
    });
    const through = {
      ...model,
      graph: { ...model.graph, outputs: [...model.graph.outputs, value("x", [2], "float16")] },
    };
    const results = await outputsOf(through, { x: float32([-1, 2]) });
    expect(results).toEqual({ y: float32([0, 2]), x: float32([-1, 2]) });
  });

  it.skipIf(!haveEncoders)("works in a real model", async () => {
    const feed = { data_0: noise([1, 3, 224, 224]) };
    const { softmaxout_1 } = await outputsOf(join(encoders, "squeezenet-imagenet-fp16.onnx"), feed);
    const sum = Array.from(softmaxout_1?.data as Float32Array).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 2);
  });
});

describe("devices", () => {
  it("always have cpu among them", () => {
    expect(availableDevices()).toContain("cpu");
  });

  it("that are not there fail with how to get them", async () => {
    for (const device of devices) {
      if (device === "cpu" || device === "auto" || availableDevices().includes(device)) continue;
      await expect(openSession(twoLayers, { device })).rejects.toThrow(
        new RegExp(`device "${device}" is not installed; it needs`),
      );
    }
    await expect(openSession(twoLayers, { device: "tpu" as never })).rejects.toThrow(
      /no device "tpu"; there are cpu/,
    );
  });
});

it("saves the graph that ONNX Runtime makes of a model", async () => {
  const folder = mkdtempSync(join(tmpdir(), "onnx-test-"));
  const path = join(folder, "optimized.onnx");
  await (await openSession(twoLayers, { optimization: "basic", saveOptimized: path })).close();
  const saved = await readModel(path);
  expect(saved.graph.nodes.map(({ op }) => op)).toEqual(
    ["Gemm", "Relu", "MatMul"].filter((op) => saved.graph.nodes.some((n) => n.op === op)),
  );
  expect(await outputsOf(saved, { x })).toEqual(await outputsOf(twoLayers, { x }));
  rmSync(folder, { recursive: true });
});
