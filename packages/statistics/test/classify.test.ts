import {
  accuracy,
  geometricMedian,
  knnClassify,
  linearProbe,
  nearestNeighbours,
  seededRandom,
} from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const random = seededRandom(21);
const gaussian = (n: number) => Float32Array.from({ length: n }, () => random.normal());

describe("nearestNeighbours", () => {
  for (const metric of ["cosine", "euclidean"] as const)
    for (const n of [65, 130])
      it(`finds the same rows as a full sort (${metric}, ${n} rows)`, () => {
        const d = 7;
        const rows = gaussian(n * d);
        const queries = gaussian(67 * d);
        const score = (a: Float32Array, i: number, b: Float32Array, j: number) => {
          const [x, y] = [a.subarray(i * d, (i + 1) * d), b.subarray(j * d, (j + 1) * d)];
          if (metric === "euclidean") return -Math.hypot(...x.map((v, p) => v - y[p]));
          return x.reduce((s, v, p) => s + v * y[p], 0) / Math.hypot(...x) / Math.hypot(...y);
        };
        for (const asked of [undefined, queries]) {
          const found = nearestNeighbours(rows, d, 5, metric, asked);
          const from = asked ?? rows;
          for (let i = 0; i < from.length / d; i++) {
            const expected = Array.from({ length: n }, (_, j) => j)
              .filter((j) => asked || j !== i)
              .sort((a, b) => score(from, i, rows, b) - score(from, i, rows, a))
              .slice(0, 5);
            expect([...found.indices.subarray(i * 5, (i + 1) * 5)]).toEqual(expected);
            expected.forEach((j, r) => {
              const value = score(from, i, rows, j);
              expect(found.scores[i * 5 + r]).toBeCloseTo(metric === "cosine" ? value : -value, 5);
            });
          }
        }
      });

  it("orders equal rows by index and treats zero rows as unlike everything", () => {
    const rows = Float32Array.from([1, 0, 1, 0, 0, 0, 1, 0]);
    const { indices, scores } = nearestNeighbours(rows, 2, 3, "cosine");
    expect([...indices.subarray(0, 3)]).toEqual([1, 3, 2]);
    expect([...scores.subarray(6, 9)]).toEqual([0, 0, 0]);
    expect(() => nearestNeighbours(rows, 2, 4, "cosine")).toThrow(/4 of 3 rows/);
    expect(() => nearestNeighbours(rows, 3, 1, "cosine")).toThrow(/no rows of 3/);
  });
});

/** Three blobs along different directions, at different scales of the features. */
function blobs(n: number) {
  const d = 6;
  const labels = Int32Array.from({ length: n }, (_, i) => i % 3);
  const rows = gaussian(n * d);
  for (let i = 0; i < n; i++) {
    rows[i * d + labels[i]] += 4;
    rows[i * d + 4] = 100 + 30 * rows[i * d + 4];
    rows[i * d + 5] = 7;
  }
  return { rows, labels, d };
}

describe("classifiers", () => {
  it("linear probe: reads classes whatever the features' scales, and solves the normal equations", () => {
    const train = blobs(600);
    const probe = linearProbe(train, train.d);
    const test = blobs(300);
    expect(accuracy(probe.predict(test.rows), test.labels)).toBeGreaterThan(0.95);
    // The intercept is free, so scores average to the classes' shares.
    for (let c = 0; c < 3; c++) {
      let mean = 0;
      for (let i = 0; i < 600; i++) {
        mean += probe.bias[c] / 600;
        for (let j = 0; j < train.d; j++)
          mean += (train.rows[i * train.d + j] * probe.weights[j * 3 + c]) / 600;
      }
      expect(mean).toBeCloseTo(1 / 3, 6);
    }
    expect([...probe.weights.subarray(15)]).toEqual([0, 0, 0]);
  });

  it("nearest neighbours: the vote weighs similarity over number", () => {
    // Two rows at cosine 1 of class 1 against eighteen at cosine 0.8 of class 0: e^(0.2 / 0.07) = 17 to 1.
    const rows = Float32Array.from({ length: 40 }, (_, p) => (p < 4 ? [1, 0][p % 2] : [0.8, 0.6][p % 2]));
    const labels = Int32Array.from({ length: 20 }, (_, i) => (i < 2 ? 1 : 0));
    expect([...knnClassify({ rows, labels }, Float32Array.from([2, 0, 3, 4]), 2)]).toEqual([1, 0]);
  });

  it("refuses labels that are no classes", () => {
    expect(() => linearProbe({ rows: gaussian(4), labels: [0, -1] }, 2)).toThrow(/label 1 is -1/);
    expect(() => knnClassify({ rows: gaussian(4), labels: [0] }, gaussian(2), 2)).toThrow(
      /2 rows with 1 labels/,
    );
    expect(() => accuracy([1], [1, 2])).toThrow(/1 predictions for 2/);
  });
});

describe("geometricMedian", () => {
  it("has a vanishing gradient", () => {
    const d = 5;
    const rows = gaussian(200 * d).map((x) => x ** 3);
    const median = geometricMedian(rows, d);
    const gradient = new Float64Array(d);
    for (let i = 0; i < 200; i++) {
      const away = Float64Array.from({ length: d }, (_, j) => median[j] - rows[i * d + j]);
      const norm = Math.hypot(...away);
      for (let j = 0; j < d; j++) gradient[j] += away[j] / norm / 200;
    }
    expect(Math.hypot(...gradient)).toBeLessThan(1e-5);
  });

  it("shrugs off an outlier, and stays at a row that is the median", () => {
    const line = Float32Array.from([-1, 0, 1, 0, 0, 1, 0, -1, 0, 0]);
    expect([...geometricMedian(line, 2)].map((x) => Math.abs(x))).toEqual([0, 0]);
    const far = Float32Array.from([0, 0, 0, 0, 0, 0, 1e6, 1e6]);
    expect(Math.hypot(...geometricMedian(far, 2))).toBeLessThan(1);
    expect([...geometricMedian(Float32Array.from([2, 3, 2, 3]), 2)]).toEqual([2, 3]);
  });
});
