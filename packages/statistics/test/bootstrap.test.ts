import { readFileSync } from "node:fs";
import { bootstrapMean, seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const random = seededRandom(7);
const sample = (n: number, mean: number) => Array.from({ length: n }, () => [random.normal(mean)]);

describe("bootstrapMean", () => {
  it("is the mean of the groups' means between its bounds, and the same for the same seed", () => {
    const groups = [[1, 3], [5], [2, 2, 8]];
    const interval = bootstrapMean(groups, { seed: 1 });
    expect(interval.mean).toBeCloseTo((2 + 5 + 4) / 3, 12);
    expect(interval.low).toBeLessThan(interval.mean);
    expect(interval.high).toBeGreaterThan(interval.mean);
    expect(bootstrapMean(groups, { seed: 1 })).toEqual(interval);
    const many = sample(50, 0);
    expect(bootstrapMean(many, { seed: 1 })).not.toEqual(bootstrapMean(many, { seed: 2 }));
  });

  it("is as wide as the normal interval where that holds", () => {
    const { low, high } = bootstrapMean(sample(400, 3), { seed: 1 });
    expect(high - low).toBeGreaterThan(0.85 * ((2 * 1.96) / 20));
    expect(high - low).toBeLessThan(1.15 * ((2 * 1.96) / 20));
  });

  it("agrees with another program's 200,000 draws", () => {
    const golden = JSON.parse(readFileSync(new URL("../fixtures/bootstrap.json", import.meta.url), "utf8"));
    const groups = golden.data.map((value: number) => [value]);
    const { mean, low, high } = bootstrapMean(groups, { seed: 1, draws: 10_000 });
    expect(mean).toBeCloseTo(golden.mean, 12);
    expect(Math.abs(low - golden.percentile95_B200000[0])).toBeLessThan(golden.tolerance);
    expect(Math.abs(high - golden.percentile95_B200000[1])).toBeLessThan(golden.tolerance);
  });

  it("covers the truth about as often as it says", () => {
    const covered = Array.from({ length: 120 }, (_, seed) =>
      bootstrapMean(sample(30, 1), { seed, draws: 300 }),
    );
    const share = covered.filter(({ low, high }) => low <= 1 && 1 <= high).length / covered.length;
    expect(share).toBeGreaterThan(0.87);
    expect(share).toBeLessThan(0.99);
  });

  it("does not take values of one group for independent ones", () => {
    const groups = [0, 10, 20].map((value) => new Array(40).fill(value));
    const clustered = bootstrapMean(groups, { seed: 1 });
    const loose = bootstrapMean(
      groups.flat().map((value) => [value]),
      { seed: 1 },
    );
    expect(clustered.high - clustered.low).toBeGreaterThan(3 * (loose.high - loose.low));
  });

  it("refuses nothing", () => {
    expect(() => bootstrapMean([], { seed: 1 })).toThrow("no values");
    expect(() => bootstrapMean([[1], []], { seed: 1 })).toThrow("none in a group");
  });
});
