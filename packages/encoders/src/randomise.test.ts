import { float32, floatToHalf, GraphBuilder, halfToFloat, type Model, type Tensor } from "@optogram/onnx";
import { describe, expect, it } from "vitest";
import { randomised } from "./randomise.ts";

function modelWith(tensors: Record<string, Tensor>): Model {
  const model = new GraphBuilder().model();
  return { ...model, graph: { ...model.graph, initializers: new Map(Object.entries(tensors)) } };
}

function redraw(tensor: Tensor, seed = 1, name = "w"): Float32Array {
  const drawn = randomised(modelWith({ [name]: tensor }), seed).graph.initializers.get(name)?.data;
  return drawn as Float32Array;
}

function moments(values: Float32Array): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

const weights = float32(Float32Array.from({ length: 20_000 }, (_, i) => 3 + Math.sin(i) + Math.cos(i * i)));

describe("randomised", () => {
  it("keeps each tensor's mean and deviation", () => {
    const [mean, deviation] = moments(weights.data as Float32Array);
    const [drawnMean, drawnDeviation] = moments(redraw(weights));
    expect(Math.abs(drawnMean - mean)).toBeLessThan(0.03);
    expect(Math.abs(drawnDeviation / deviation - 1)).toBeLessThan(0.12);
  });

  it("draws independent numbers for other seeds and other names", () => {
    const first = redraw(weights, 1, "a");
    expect(redraw(weights, 1, "a")).toEqual(first);
    for (const other of [redraw(weights, 2, "a"), redraw(weights, 1, "b"), weights.data as Float32Array]) {
      const [a, b] = [first, other].map((values) => values.map((value) => value - 3));
      const product = a.reduce((sum, value, i) => sum + value * b[i], 0);
      expect(Math.abs(product / (Math.hypot(...a.slice(0, 5000)) ** 2 * 4))).toBeLessThan(0.05);
    }
  });

  it("keeps variances positive, single values, integers and float16", () => {
    const variances = float32(Float32Array.from({ length: 500 }, (_, i) => 0.01 + (i % 7 === 0 ? 4 : 0)));
    expect(Math.min(...redraw(variances))).toBeGreaterThan(0);
    const scale = float32([0.125], []);
    expect(redraw(scale)).toEqual(scale.data);
    const indices: Tensor = { dtype: "int64", shape: [2], data: BigInt64Array.of(3n, 9n) };
    expect(redraw(indices)).toEqual(indices.data);
    const half: Tensor = {
      dtype: "float16",
      shape: [20_000],
      data: floatToHalf(weights.data as Float32Array),
    };
    const [mean] = moments(halfToFloat(redraw(half) as unknown as Uint16Array));
    expect(mean).toBeCloseTo(3, 1);
  });
});
