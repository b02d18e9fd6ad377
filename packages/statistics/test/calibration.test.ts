import { readFileSync } from "node:fs";
import { calibrate, confidence, proportion, reliability, seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden: { score: number[]; label: number[]; temperature: number; threshold: number } = JSON.parse(
  readFileSync(new URL("../fixtures/calibration.json", import.meta.url), "utf8"),
);

function logLikelihood(scores: number[], labels: number[], temperature: number, threshold: number): number {
  return scores.reduce((sum, score, i) => {
    const x = (score - threshold) * temperature;
    return sum - Math.log1p(Math.exp(labels[i] === 1 ? -x : x));
  }, 0);
}

describe("calibrate", () => {
  it("agrees with scikit-learn", () => {
    const { temperature, threshold, separable } = calibrate(golden.score, golden.label);
    expect(temperature / golden.temperature).toBeCloseTo(1, 4);
    expect(threshold).toBeCloseTo(golden.threshold, 5);
    expect(separable).toBe(false);
  });

  it("is the maximum of the likelihood", () => {
    const { temperature, threshold } = calibrate(golden.score, golden.label);
    const best = logLikelihood(golden.score, golden.label, temperature, threshold);
    for (const [a, b] of [
      [1.001, 0],
      [0.999, 0],
      [1, 1e-4],
      [1, -1e-4],
    ])
      expect(logLikelihood(golden.score, golden.label, a * temperature, threshold + b)).toBeLessThan(best);
  });

  it("finds what the labels were drawn with, and follows a change of units", () => {
    const random = seededRandom(3);
    const scores = Array.from({ length: 40_000 }, () => random.normal(0.1, 0.05));
    const truth = { temperature: 60, threshold: 0.15 };
    const labels = scores.map((score) => (random.uniform() < confidence(score, truth) ? 1 : 0));
    const found = calibrate(scores, labels);
    expect(found.temperature).toBeGreaterThan(57);
    expect(found.temperature).toBeLessThan(63);
    expect(found.threshold).toBeCloseTo(0.15, 2);
    const scaled = calibrate(
      scores.map((score) => 10 * score + 5),
      labels,
    );
    expect(scaled.temperature).toBeCloseTo(found.temperature / 10, 8);
    expect(scaled.threshold).toBeCloseTo(10 * found.threshold + 5, 8);
  });

  it("keeps a finite temperature where scores separate the labels, and says so", () => {
    for (const scores of [
      [0.1, 0.2, 0.3, 0.4],
      [0.1, 0.2, 0.2, 0.4],
    ]) {
      const { temperature, threshold, separable } = calibrate(scores, [0, 0, 1, 1]);
      expect(separable).toBe(true);
      expect(Number.isFinite(temperature)).toBe(true);
      expect(temperature).toBeGreaterThan(0);
      expect(threshold).toBeCloseTo((scores[0] + scores[1] + scores[2] + scores[3]) / 4, 1);
    }
  });

  it("converges on any labelled scores", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.boolean()), {
          minLength: 4,
          maxLength: 60,
        }),
        (pairs) => {
          const scores = pairs.map(([score]) => score);
          const labels = pairs.map(([, label]) => (label ? 1 : 0));
          fc.pre(new Set(labels).size === 2 && Math.max(...scores) - Math.min(...scores) > 1e-6);
          const { temperature } = calibrate(scores, labels);
          expect(Number.isFinite(temperature)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("says what is missing", () => {
    expect(() => calibrate([1, 2], [1, 1])).toThrow("pairs that match and pairs that do not");
    expect(() => calibrate([1, 1], [1, 0])).toThrow("all equal");
    expect(() => calibrate([1, Number.NaN], [1, 0])).toThrow("score 1 is NaN");
    expect(() => calibrate([1, 2], [1, 2])).toThrow("label 1 is 2");
  });
});

describe("confidence", () => {
  it("is one half at the threshold and climbs by temperature / 4 there", () => {
    const at = { temperature: 25, threshold: 0.08 };
    expect(confidence(0.08, at)).toBe(0.5);
    expect((confidence(0.08 + 1e-6, at) - confidence(0.08 - 1e-6, at)) / 2e-6).toBeCloseTo(25 / 4, 5);
    expect([confidence(-1e6, at), confidence(1e6, at)]).toEqual([0, 1]);
  });
});

describe("reliability", () => {
  it("is worked out by hand", () => {
    const { ece, brier, logLoss, bins } = reliability([0.1, 0.15, 0.9, 0.8], [0, 1, 1, 1], 2);
    expect(bins.map(({ confidence: c, share }) => [c, share.value, share.n])).toEqual([
      [0.125, 0.5, 2],
      [(0.9 + 0.8) / 2, 1, 2],
    ]);
    expect(ece).toBeCloseTo((0.375 + 0.15) / 2, 12);
    expect(brier).toBeCloseTo((0.01 + 0.85 ** 2 + 0.01 + 0.04) / 4, 12);
    expect(logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.15) + Math.log(0.9) + Math.log(0.8)) / 4, 12);
  });

  it("is near 0 for labels drawn with the confidences, and fitting lowers it for others", () => {
    const random = seededRandom(5);
    const p = Array.from({ length: 20_000 }, () => random.uniform());
    const labels = p.map((value) => (random.uniform() < value ? 1 : 0));
    expect(reliability(p, labels).ece).toBeLessThan(0.02);
    expect(reliability(p, labels).bins).toHaveLength(15);
    const blunt = p.map((value) => 0.4 + 0.2 * value);
    const fitted = calibrate(blunt, labels);
    const sharpened = blunt.map((value) => confidence(value, fitted));
    expect(reliability(blunt, labels).ece).toBeGreaterThan(0.15);
    expect(reliability(sharpened, labels).ece).toBeLessThan(0.05);
  });
});

describe("proportion", () => {
  it("has Wilson's interval", () => {
    // Newcombe 1998, table I: 81 of 263, method 3.
    expect(proportion(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(proportion(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(proportion(0, 20).low).toBe(0);
    expect(proportion(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(proportion(0, 0)).toMatchObject({ low: 0, high: 1, n: 0 });
  });
});
