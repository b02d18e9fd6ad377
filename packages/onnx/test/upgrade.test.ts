import {
  type Attributes,
  checkModel,
  float32,
  int64,
  type Model,
  type Tensor,
  upgrade,
} from "@optogram/onnx";
import { expect, it } from "vitest";
import { modelOf, node, noise, outputsOf, value } from "./support.ts";

const int = (value: number) => ({ type: "int" as const, value });
const ints = (...value: number[]) => ({ type: "ints" as const, value });
const floats = (...value: number[]) => ({ type: "floats" as const, value });
const text = (value: string) => ({ type: "string" as const, value });

interface Case {
  readonly op: string;
  readonly opset: number;
  readonly shape: readonly number[];
  readonly result: readonly number[];
  readonly attributes?: Attributes;
  /** Further inputs, stored in the model. */
  readonly others?: readonly Tensor[];
  readonly outputs?: number;
}

function modelFor({ op, opset, shape, result, attributes = {}, others = [], outputs = 1 }: Case): Model {
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const initializers = new Map(others.map((tensor, i) => [`w${i}`, tensor]));
  return modelOf(
    {
      nodes: [node(op, ["x", ...initializers.keys()], names, attributes)],
      inputs: [value("x", shape)],
      outputs: names.map((name) => value(name, result)),
      initializers,
      values: new Map(),
    },
    opset,
  );
}

const cases: readonly Case[] = [
  { op: "Softmax", opset: 9, shape: [2, 3, 4], result: [2, 3, 4] },
  { op: "Softmax", opset: 9, shape: [2, 3, 4], result: [2, 3, 4], attributes: { axis: int(0) } },
  { op: "Softmax", opset: 9, shape: [2, 3, 4], result: [2, 3, 4], attributes: { axis: int(-1) } },
  { op: "LogSoftmax", opset: 11, shape: [2, 5, 1, 1], result: [2, 5, 1, 1] },
  { op: "Hardmax", opset: 11, shape: [2, 3, 2], result: [2, 3, 2] },
  {
    op: "Clip",
    opset: 7,
    shape: [2, 3],
    result: [2, 3],
    attributes: { max: { type: "float", value: 0.25 } },
  },
  {
    op: "Pad",
    opset: 9,
    shape: [2, 3],
    result: [3, 5],
    attributes: { pads: ints(0, 1, 1, 1), mode: text("reflect") },
  },
  { op: "Pad", opset: 9, shape: [2, 3], result: [1, 3], attributes: { pads: ints(0, 0, -1, 0) } },
  {
    op: "Slice",
    opset: 9,
    shape: [4, 5],
    result: [3, 2],
    attributes: { starts: ints(1, -2), ends: ints(2 ** 63, 2 ** 70) },
  },
  {
    op: "Slice",
    opset: 9,
    shape: [4, 5],
    result: [4, 2],
    attributes: { starts: ints(-3), ends: ints(-1), axes: ints(-1) },
  },
  { op: "Split", opset: 11, shape: [6, 2], result: [2, 2], outputs: 3 },
  { op: "Split", opset: 13, shape: [2, 4], result: [2, 2], outputs: 2, attributes: { axis: int(1) } },
  { op: "Split", opset: 13, shape: [4, 2], result: [2, 2], outputs: 2, others: [int64([2, 2])] },
  { op: "Squeeze", opset: 11, shape: [2, 1, 3, 1], result: [2, 3] },
  { op: "Unsqueeze", opset: 11, shape: [2, 3], result: [1, 2, 3, 1], attributes: { axes: ints(0, 3) } },
  { op: "ReduceSum", opset: 11, shape: [2, 3], result: [2, 1], attributes: { axes: ints(1) } },
  { op: "ReduceSum", opset: 11, shape: [2, 3], result: [1, 1] },
  {
    op: "ReduceMean",
    opset: 17,
    shape: [2, 3],
    result: [3],
    attributes: { axes: ints(0), keepdims: int(0) },
  },
  {
    op: "ReduceMax",
    opset: 13,
    shape: [2, 3],
    result: [2],
    attributes: { axes: ints(-1), keepdims: int(0) },
  },
  { op: "ReduceL2", opset: 13, shape: [2, 3], result: [2, 1], attributes: { axes: ints(1) } },
  { op: "ReduceLogSumExp", opset: 17, shape: [2, 3], result: [1, 1] },
  {
    op: "Upsample",
    opset: 7,
    shape: [1, 1, 2, 3],
    result: [1, 1, 4, 9],
    attributes: { scales: floats(1, 1, 2, 3) },
  },
  {
    op: "Upsample",
    opset: 9,
    shape: [1, 1, 3, 3],
    result: [1, 1, 6, 6],
    attributes: { mode: text("linear") },
    others: [float32([1, 1, 2, 2])],
  },
  { op: "Resize", opset: 10, shape: [1, 1, 5, 4], result: [1, 1, 2, 2], others: [float32([1, 1, 0.4, 0.7])] },
  { op: "Resize", opset: 10, shape: [1, 1, 3, 3], result: [1, 1, 7, 6], others: [float32([1, 1, 2.4, 2])] },
  {
    op: "Scatter",
    opset: 9,
    shape: [2, 2],
    result: [2, 2],
    others: [int64([1, 0], [1, 2]), float32([8, 9], [1, 2])],
  },
  {
    op: "GridSample",
    opset: 16,
    shape: [1, 1, 4, 4],
    result: [1, 1, 2, 3],
    others: [noise([1, 2, 3, 2], 5)],
    attributes: { mode: text("bilinear") },
  },
  {
    op: "BatchNormalization",
    opset: 7,
    shape: [2, 2, 3],
    result: [2, 2, 3],
    others: [float32([1, 2]), float32([0.5, 0]), float32([0.1, 0.2]), float32([1, 4])],
  },
  { op: "Dropout", opset: 10, shape: [2, 3], result: [2, 3] },
];

it.each(cases.map((each): [string, Case] => [`${each.op} of ${each.opset}, [${each.shape}]`, each]))(
  "computes the same in the newer operator set: %s",
  async (_, each) => {
    const model = modelFor(each);
    const newer = upgrade(model);
    checkModel(newer);
    expect(newer.opsets).toEqual({ "": 23 });
    const feeds = { x: noise(each.shape) };
    const expected = await outputsOf(model, feeds);
    expect(expected.y0?.shape).toEqual(each.result);
    const results = await outputsOf(newer, feeds);
    for (const [name, tensor] of Object.entries(expected)) {
      expect(results[name]?.shape).toEqual(tensor.shape);
      for (const [i, number] of Array.from(tensor.data as Float32Array).entries()) {
        expect(results[name]?.data[i]).toBeCloseTo(number, 5);
      }
    }
  },
);

it("leaves a newer model as it is", () => {
  const model = modelFor({ op: "Relu", opset: 24, shape: [2], result: [2] });
  expect(upgrade(model)).toBe(model);
});

it("names the node that has no equal", () => {
  const groups = modelFor({
    op: "GroupNormalization",
    opset: 18,
    shape: [1, 4, 3],
    result: [1, 4, 3],
    others: [float32([1, 1]), float32([0, 0])],
    attributes: { num_groups: int(2) },
  });
  expect(() => upgrade(groups)).toThrow(
    /node "GroupNormalization:y0".* cannot be brought to operator set 23/,
  );
  const mixed = modelFor({
    op: "Resize",
    opset: 10,
    shape: [1, 1, 2, 4],
    result: [1, 1, 4, 2],
    others: [float32([1, 1, 2, 0.5])],
  });
  expect(() => upgrade(mixed)).toThrow(/Resize/);
  const masked = modelFor({ op: "Dropout", opset: 10, shape: [2], result: [2], outputs: 2 });
  expect(() => upgrade(masked)).toThrow(/Dropout/);
});
