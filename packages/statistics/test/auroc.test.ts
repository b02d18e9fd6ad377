import { argsort, auroc, denseAurocs, seededRandom, sparseAurocs } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** The definition: the share of (positive, negative) pairs in the right order, ties one half. */
function byPairs(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < scores.length; i++)
    for (let j = 0; j < scores.length; j++)
      if (labels[i] === 1 && labels[j] === 0) {
        pairs++;
        wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
  return wins / pairs;
}

describe("auroc", () => {
  it("agrees with a case worked by hand", () => {
    // scikit-learn's own example, and one with ties.
    expect(auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(auroc([1, 1, 1, 0], [true, false, false, false])).toBeCloseTo(2 / 3, 15);
    expect(auroc([1, 2], [1, 1])).toBeNaN();
  });

  it("is the share of pairs in order, dense and sparse, with ties, zeros, negatives and rows left out", () => {
    const cell = fc.constantFrom(-2, -1, 0, 0, 0, 1, 2, 0.5);
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 3 }))
      .chain(([d, n, kinds]) =>
        fc.record({
          d: fc.constant(d),
          kinds: fc.constant(kinds),
          x: fc.array(cell, { minLength: n * d, maxLength: n * d }),
          labels: fc.array(fc.constantFrom(-1, 0, 1), { minLength: n * kinds, maxLength: n * kinds }),
        }),
      );
    fc.assert(
      fc.property(matrix, fc.boolean(), ({ d, kinds, x, labels }, explicitZeros) => {
        const n = x.length / d;
        const offsets = new Uint32Array(n + 1);
        const entries: [number, number][] = [];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < d; j++)
            if (x[i * d + j] !== 0 || (explicitZeros && (i + j) % 2 === 0)) entries.push([j, x[i * d + j]]);
          offsets[i + 1] = entries.length;
        }
        const codes = {
          columns: d,
          offsets,
          indices: Uint16Array.from(entries, (e) => e[0]),
          values: Float32Array.from(entries, (e) => e[1]),
        };
        const expected = Array.from({ length: d * kinds }, (_, at) =>
          byPairs(
            Array.from({ length: n }, (_, i) => x[i * d + Math.floor(at / kinds)]),
            Array.from({ length: n }, (_, i) => labels[i * kinds + (at % kinds)]),
          ),
        );
        const flat = Int8Array.from(labels);
        for (const actual of [denseAurocs(x, d, flat, kinds), sparseAurocs(codes, flat, kinds)])
          expected.forEach((value, at) => {
            if (Number.isNaN(value)) expect(actual[at]).toBeNaN();
            else expect(actual[at]).toBeCloseTo(value, 12);
          });
      }),
    );
  });

  it("refuses labels that do not fit", () => {
    expect(() => auroc([1], [1, 0])).toThrow(/1 scores for 2 labels/);
    expect(() => auroc([1, Number.NaN], [1, 0])).toThrow(/value 1 is not a number/);
  });
});

describe("argsort", () => {
  it("sorts as float32 and keeps equal values in order of index", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1))), (values) => {
        const expected = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
        // Infinity − Infinity is NaN, which a comparator takes for equal.
        expect([...argsort(values)]).toEqual(expected);
      }),
    );
  });

  it("sorts more values than fit the packed keys", () => {
    const random = seededRandom(4);
    const values = Float32Array.from({ length: 2 ** 21 + 1 }, () => random.integer(1000));
    const order = argsort(values);
    for (let i = 1; i < order.length; i += 997) {
      const [a, b] = [order[i - 1], order[i]];
      if (!(values[a] < values[b] || (values[a] === values[b] && a < b))) expect.fail(`order breaks at ${i}`);
    }
  });
});
