import {
  activations,
  codeOf,
  cosine,
  type Dictionary,
  decompose,
  directionOf,
  dot,
  mixtureDirection,
  norm,
  orthogonal,
  rankOf,
  reconstruct,
  slerp,
  unit,
} from "@optogram/dictionary";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const floats = (...values: number[]) => Float32Array.from(values);

/** Three features in two dimensions. */
const dictionary: Dictionary = {
  dimensions: 2,
  latents: 3,
  active: 2,
  encoderWeight: floats(1, 0, 1, 0, 1, 1),
  encoderBias: floats(0, -0.5, 0.25),
  decoderWeight: floats(3, 0, 0, 2, 1, 1),
  decoderBias: floats(1, 2),
};

describe("a dictionary", () => {
  test("codes by the numbers: ReLU((x − b_dec) W_enc + b_enc), the largest only", () => {
    // x − b_dec = (2, 1): before the nonlinearity 2, 1 − 0.5, 3 + 0.25.
    expect(codeOf(dictionary, floats(3, 3))).toEqual([
      { feature: 2, value: 3.25 },
      { feature: 0, value: 2 },
    ]);
    // x − b_dec = (−1, 1): −1, 0.5, 0.25.
    expect(codeOf(dictionary, floats(0, 3))).toEqual([
      { feature: 1, value: 0.5 },
      { feature: 2, value: 0.25 },
    ]);
    expect(codeOf(dictionary, floats(-9, -9))).toEqual([]);
  });

  test("rebuilds Σ f W_dec + b_dec, and b_dec of nothing", () => {
    const code = [
      { feature: 2, value: 3 },
      { feature: 0, value: 2 },
    ];
    expect([...reconstruct(dictionary, code)]).toEqual([1 + 3 + 6, 2 + 3]);
    expect([...reconstruct(dictionary, [])]).toEqual([1, 2]);
  });

  test("takes an embedding apart: the code, and what its first k features explain", () => {
    const x = floats(3, 3);
    const code = codeOf(dictionary, x);
    const { baseline, components } = decompose(dictionary, x);
    expect(baseline).toBe(cosine(x, dictionary.decoderBias));
    expect(components.map(({ feature, value }) => ({ feature, value }))).toEqual(code);
    for (const [i, component] of components.entries())
      expect(component.cosine).toBeCloseTo(cosine(x, reconstruct(dictionary, code.slice(0, i + 1))), 6);
  });

  test("gives unit rows of W_dec as directions, and none for a feature that it has not", () => {
    expect([...directionOf(dictionary, 1)!]).toEqual([0, 1]);
    expect(directionOf(dictionary, 7)).toBeUndefined();
  });

  test("adds unit directions up by their weights", () => {
    // Rows (3, 0) and (0, 2) point along the axes, whatever their lengths.
    const mixed = (a: number, b: number) =>
      mixtureDirection(dictionary, [
        { feature: 0, weight: a },
        { feature: 1, weight: b },
      ]);
    expect(cosine(mixed(1, 1)!, slerp(floats(1, 0), floats(0, 1), 0.5))).toBeCloseTo(1, 6);
    expect([...mixed(0.3, 0.4)!].map((value) => value.toFixed(4))).toEqual(["0.6000", "0.8000"]);
    expect(mixed(0, 0)).toBeUndefined();
  });

  test("activations are those of the code before its cut, and ranked", () => {
    expect([...activations(dictionary, floats(3, 3, 0, 3))]).toEqual([2, 0.5, 3.25, 0, 0.5, 0.25]);
    expect([0, 1, 2].map((feature) => rankOf(floats(2, 0.5, 3.25), feature))).toEqual([2, 3, 1]);
    expect(rankOf(floats(1, 3, 3, 2), 2)).toBe(1);
  });
});

describe("directions", () => {
  const vector = fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 })
    .map((values) => Float32Array.from(values))
    .filter((values) => norm(values) > 0.1)
    .map((values) => unit(values)!);
  const pair = fc.tuple(vector, vector).filter(([a, b]) => Math.abs(dot(a, b)) < 0.999);
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test("half way lies the direction of the sum", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const sum = a.map((value, i) => value + b[i]!);
        expect(cosine(slerp(a, b, 0.5), sum)).toBeCloseTo(1, 4);
      }),
    );
  });

  test("in between, the length is one and the angle grows with the share", () => {
    fc.assert(
      fc.property(pair, share, ([a, b], t) => {
        const between = slerp(a, b, t);
        expect(norm(between)).toBeCloseTo(1, 5);
        // By chords: an arc cosine is blind near 0.
        const chord = (x: Float32Array, y: Float32Array) => norm(x.map((value, i) => value - y[i]!));
        const angle = (x: Float32Array, y: Float32Array) => 2 * Math.asin(Math.min(1, chord(x, y) / 2));
        expect(angle(a, between)).toBeCloseTo(t * angle(a, b), 2);
      }),
    );
  });

  test("the ends are the two, also where they are the same", () => {
    fc.assert(
      fc.property(pair, share, ([a, b], t) => {
        expect(cosine(slerp(a, b, 0), a)).toBeCloseTo(1, 5);
        expect(cosine(slerp(a, b, 1), b)).toBeCloseTo(1, 5);
        expect(cosine(slerp(a, a, t), a)).toBeCloseTo(1, 5);
      }),
    );
  });

  test("a ⊥ b is orthogonal to b and lies in the plane of both; of a itself nothing is left", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const apart = orthogonal(a, b)!;
        expect(dot(apart, b)).toBeCloseTo(0, 3);
        expect(norm(apart)).toBeCloseTo(1, 5);
        expect(dot(apart, a)).toBeGreaterThan(0);
        expect(orthogonal(a, a)).toBeUndefined();
      }),
    );
  });
});
