import { readFileSync } from "node:fs";
import {
  laplaceCumulative,
  normalTail,
  poissonWeights,
  QuantileSketch,
  Shape,
  seededRandom,
} from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = JSON.parse(readFileSync(new URL("../fixtures/shape.json", import.meta.url), "utf8"));
const values: number[] = golden.values;

describe("the shape of values", () => {
  it("agrees with SciPy", () => {
    const shape = Shape.of(values);
    expect(shape.mean).toBeCloseTo(golden.mean, 12);
    expect(shape.deviation).toBeCloseTo(golden.deviation, 12);
    expect(shape.skewness).toBeCloseTo(golden.skewness, 10);
    expect(shape.kurtosis).toBeCloseTo(golden.kurtosis, 10);
  });

  it("is the same however values are parted, and far from zero", () => {
    const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.nat(), fc.constantFrom(0, 1e4), (list, cut, shift) => {
        const shifted = list.map((value) => value + shift);
        const whole = Shape.of(shifted);
        fc.pre(whole.deviation > 0.01);
        const at = cut % list.length;
        const parted = Shape.of(shifted.slice(0, at));
        parted.merge(Shape.of(shifted.slice(at)));
        expect(parted.count).toBe(list.length);
        for (const name of ["mean", "deviation", "skewness", "kurtosis"] as const)
          expect(parted[name]).toBeCloseTo(whole[name], 5);
      }),
    );
  });

  it("counts a part several times as if its values were there as often", () => {
    const [a, b] = [values.slice(0, 40), values.slice(40, 90)];
    const weighed = new Shape();
    weighed.merge(Shape.of(a));
    weighed.merge(Shape.of(b), 3);
    weighed.merge(Shape.of(values), 0);
    const repeated = Shape.of([...a, ...b, ...b, ...b]);
    expect(weighed.count).toBe(repeated.count);
    expect(weighed.kurtosis).toBeCloseTo(repeated.kurtosis, 10);
    expect(weighed.skewness).toBeCloseTo(repeated.skewness, 10);
  });
});

describe("sketched quantiles", () => {
  const sketch = new QuantileSketch();
  sketch.add(values);

  it("lie within a hundredth of the true ones' size", () => {
    for (const [p, expected] of Object.entries(golden.quantiles as Record<string, number>))
      expect(Math.abs(sketch.quantile(Number(p)) - expected)).toBeLessThanOrEqual(
        0.01 * Math.abs(expected) + 1e-6,
      );
    expect(sketch.least).toBe(Math.min(...values));
    expect(sketch.most).toBe(Math.max(...values));
  });

  it("keep that error for values of any size and sign", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p) => {
          const one = new QuantileSketch(0.02);
          one.add(list);
          const exact = [...list].sort((a, b) => a - b)[Math.floor(p * (list.length - 1))]!;
          expect(Math.abs(one.quantile(p) - exact)).toBeLessThanOrEqual(0.02 * Math.abs(exact) + 2e-6);
        },
      ),
    );
  });

  it("give Kolmogorov's distances as SciPy does, within the error they state", () => {
    const { mean, deviation, location, scale } = golden;
    const normal = sketch.distanceTo((x) => 1 - normalTail((x - mean) / deviation));
    expect(normal.distance).toBeLessThanOrEqual(golden.normal + 1e-9);
    expect(normal.distance + normal.error).toBeGreaterThanOrEqual(golden.normal - 1e-9);
    const laplace = sketch.distanceTo((x) => laplaceCumulative(x, location, scale));
    expect(laplace.distance).toBeLessThanOrEqual(golden.laplace + 1e-9);
    expect(laplace.distance + laplace.error).toBeGreaterThanOrEqual(golden.laplace - 1e-9);
    expect(normal.error).toBeLessThan(0.03);
    expect(sketch.meanDistance(location)).toBeCloseTo(scale, 2);
  });

  it("count what lies in equal bins and outside", () => {
    const bars = sketch.histogram(10, sketch.least, sketch.most);
    expect(bars.reduce((sum, n) => sum + n, 0)).toBeCloseTo(values.length, 6);
    expect(sketch.histogram(2, -100, 100)[1]).toBeCloseTo(values.filter((x) => x > 0).length, 6);
    const outside = values.filter((x) => Math.abs(x) > 2).length / values.length;
    expect(sketch.shareOutside(-2, 2)).toBeCloseTo(outside, 2);
  });

  it("refuse what is not a number", () => {
    expect(() => new QuantileSketch().add([1, Number.NaN])).toThrow(/not a number/);
    expect(() => new QuantileSketch().quantile(0.5)).toThrow(/no values/);
  });
});

describe("Poisson weights", () => {
  it("have mean and variance one, and are the same for the same seed", () => {
    const weights = Array.from(poissonWeights(20_000, seededRandom(3)));
    const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
    const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / weights.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(poissonWeights(8, seededRandom(3))).toEqual(Uint8Array.from(weights.slice(0, 8)));
  });
});
