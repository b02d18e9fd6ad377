import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combination, featureDirection, slerp, unit } from "../src/directions.ts";

const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
  .filter((values) => Math.hypot(...values) > 0.1)
  .map((values) => unit(Float32Array.from(values)));

const close = (values: Float32Array) => Array.from(values, (value) => expect.closeTo(value, 4));
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const apart = (a: Float32Array, b: Float32Array) => dot(a, b) > -0.9;

describe("slerp", () => {
  it("is half way the direction of the sum", () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        fc.pre(apart(a, b));
        expect([...slerp(a, b, 0.5)]).toEqual(close(combination([a, b], [1, 1])));
      }),
    );
  });

  it("goes from the one to the other at an even pace", () => {
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        fc.pre(apart(a, b) && dot(a, b) < 0.99);
        expect([...slerp(a, b, 0)]).toEqual(close(a));
        expect([...slerp(a, b, 1)]).toEqual(close(b));
        const between = slerp(a, b, t);
        expect(Math.hypot(...between)).toBeCloseTo(1, 5);
        expect(Math.acos(Math.min(1, dot(a, between)))).toBeCloseTo(t * Math.acos(dot(a, b)), 2);
      }),
    );
  });

  it("stays where both are the same, and refuses opposite vectors", () => {
    const a = unit(Float32Array.of(1, 2, 3));
    expect([...slerp(a, a, 0.3)]).toEqual(close(a));
    expect(() =>
      slerp(
        a,
        a.map((value) => -value),
        0.5,
      ),
    ).toThrow("opposite");
  });
});

describe("directions", () => {
  it("of features are the dictionary's rows at unit length", () => {
    const dictionary = Float32Array.of(1, 0, 3, 4);
    expect([...featureDirection(dictionary, 2, 1)]).toEqual(close(Float32Array.of(0.6, 0.8)));
    expect(() => featureDirection(dictionary, 2, 2)).toThrow("no feature 2 among 2");
  });

  it("of combinations are those of the weighted sum, and nothing has none", () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    expect([...combination([a, b], [3, -4])]).toEqual(close(Float32Array.of(0.6, -0.8)));
    expect(() => combination([a, a], [1, -1])).toThrow("no direction");
  });
});
