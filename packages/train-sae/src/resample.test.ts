import { float32, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";
import { resample } from "./resample.ts";

const [d, m] = [4, 3];

function state(): Record<string, Tensor> {
  const ones = (shape: number[]) => float32(new Float32Array(shape.reduce((a, b) => a * b)).fill(1), shape);
  const shapes = { W_enc: [d, m], b_enc: [m], W_dec: [m, d], b_dec: [d] };
  const entries = Object.entries(shapes).flatMap(([name, shape]) =>
    [name, `m.${name}`, `v.${name}`].map((key) => [key, ones(shape)] as const),
  );
  return Object.fromEntries(entries);
}

describe("resample", () => {
  it("points a dead feature at an input that was badly reconstructed", () => {
    const tensors = state();
    // Row 1 alone has a loss; centred on b_dec = (1, 1, 1, 1) it is (3, 0, 0, −4).
    const rows = { data: Float32Array.of(9, 9, 9, 9, 4, 1, 1, -3), d };
    resample({ rows, losses: [0, 2], dead: [1], random: seededRandom(1), variable: (name) => tensors[name] });
    const array = (name: string) => Array.from(tensors[name].data as Float32Array);
    expect(array("W_dec").slice(d, 2 * d)).toEqual([3 / 5, 0, 0, -4 / 5].map(Math.fround));
    // Living encoder columns have length 2; the new one is 0.2 × as long.
    const column = [0, 1, 2, 3].map((j) => array("W_enc")[j * m + 1]);
    expect(Math.hypot(...column)).toBeCloseTo(0.4, 6);
    expect(array("b_enc")).toEqual([1, 0, 1]);
    for (const moment of ["m", "v"]) {
      expect(array(`${moment}.W_dec`)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]);
      expect(array(`${moment}.b_enc`)).toEqual([1, 0, 1]);
      expect(array(`${moment}.W_enc`).filter((_, p) => p % m === 1)).toEqual([0, 0, 0, 0]);
    }
    expect(array("W_dec").slice(0, d)).toEqual([1, 1, 1, 1]);
  });

  it("draws inputs in proportion to their squared loss", () => {
    const rows = { data: Float32Array.of(2, 1, 1, 1, 1, 2, 1, 1), d };
    let first = 0;
    for (let seed = 0; seed < 400; seed++) {
      const tensors = state();
      resample({
        rows,
        losses: [1, 2],
        dead: [0],
        random: seededRandom(seed),
        variable: (name) => tensors[name],
      });
      if (Number(tensors.W_dec.data[0]) > 0.5) first++;
    }
    // One in five; three standard deviations either way.
    expect(first).toBeGreaterThan(56);
    expect(first).toBeLessThan(104);
  });
});
