import { readFileSync } from "node:fs";
import {
  eigenvalues,
  leastSquares,
  leastSquaresFromProducts,
  linearAssignment,
  matchDirections,
  nearestSelfAdjoint,
  orthogonalFromProduct,
  orthogonalProcrustes,
  pca,
  principalComponents,
  product,
  project,
  seededRandom,
  selfAdjointProcrustes,
} from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
const flat = (rows: number[][]) => Float64Array.from(rows.flat());

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance))
      expect.fail(`entry ${i} is ${actual[i]}, expected ${expected[i]}`);
}

describe("pca", () => {
  it("agrees with scikit-learn", () => {
    const { X, mean, components, explained_variance, ratio } = golden("pca");
    const found = pca(flat(X), 12, 5);
    expectClose(found.mean, mean, 1e-6);
    expectClose(found.variance, explained_variance, 1e-4);
    expectClose(found.ratio, ratio, 1e-6);
    components.forEach((expected: number[], c: number) => {
      const actual = found.components.subarray(12 * c, 12 * c + 12);
      const sign = Math.sign(actual.reduce((sum, v, i) => sum + v * expected[i], 0));
      expectClose(
        actual.map((v) => v * sign),
        expected,
        1e-5,
      );
      expect(Math.max(...actual)).toBe(Math.max(...actual.map(Math.abs)));
    });
  });

  it("is the same from sums about any anchor, and gives where rows lie", () => {
    const X = flat(golden("pca").X);
    const whole = pca(X, 12, 5);
    const anchor = Float64Array.from({ length: 12 }, (_, j) => 0.1 * j - 0.4);
    const sums = new Float64Array(12);
    const products = new Float64Array(144);
    for (let p = 0; p < X.length; p += 12)
      for (let a = 0; a < 12; a++) {
        sums[a] += X[p + a] - anchor[a];
        for (let b = 0; b < 12; b++) products[a * 12 + b] += (X[p + a] - anchor[a]) * (X[p + b] - anchor[b]);
      }
    const summed = principalComponents({ n: X.length / 12, anchor, sums, products }, 5);
    expectClose(summed.mean, whole.mean, 1e-10);
    expectClose(summed.components, whole.components, 1e-8);
    expectClose(summed.variance, whole.variance, 1e-8);
    const along = project(X, whole, 2);
    const first = Float64Array.from(along.filter((_, i) => i % 2 === 0));
    expect(first.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 3);
    expect(first.reduce((sum, x) => sum + x * x, 0) / (first.length - 1)).toBeCloseTo(whole.variance[0], 2);
  });

  it("refuses more components than there are columns", () => {
    expect(() => pca(new Float64Array(6), 2, 3)).toThrow(/3 components/);
  });
});

describe("procrustes", () => {
  const g = golden("procrustes");
  const [x, y] = [flat(g.X), flat(g.Y)];

  it("agrees with SciPy", () => {
    const { map, scale } = orthogonalProcrustes(x, y, 10);
    expectClose(map, flat(g.orthogonal), 1e-6);
    expect(scale).toBeCloseTo(g.scale, 2);
    expectClose(nearestSelfAdjoint(map, 10), flat(g.self_adjoint_nearest_to_orthogonal), 1e-6);
    expectClose(selfAdjointProcrustes(x, y, 10), flat(g.self_adjoint_optimal), 1e-6);
    expectClose(leastSquares(x, y, 10), flat(g.least_squares), 1e-6);
  });

  it("needs no more than the products", () => {
    const products = { xx: product(x, x, 10), xy: product(x, y, 10) };
    expectClose(orthogonalFromProduct(products.xy, 10).map, flat(g.orthogonal), 1e-6);
    expectClose(nearestSelfAdjoint(products.xy, 10), flat(g.self_adjoint_optimal), 1e-6);
    expectClose(leastSquaresFromProducts(products, 10), flat(g.least_squares), 1e-6);
  });

  it("is drawn towards 0 by a ridge, as if by further rows", () => {
    const products = { xx: product(x, x, 10), xy: product(x, y, 10) };
    const ridge = 0.3;
    const root = Math.sqrt((ridge * products.xx.reduce((sum, v, i) => (i % 11 ? sum : sum + v), 0)) / 10);
    const further = Float64Array.from({ length: 100 }, (_, i) => (i % 11 ? 0 : root));
    const widened = leastSquares(
      Float64Array.of(...x, ...further),
      Float64Array.of(...y, ...new Float64Array(100)),
      10,
    );
    expectClose(leastSquaresFromProducts(products, 10, ridge), widened, 1e-8);
  });

  it("takes the smallest map where columns of X depend on one another", () => {
    const column = Float64Array.of(1, 2, 3);
    const twice = Float64Array.from({ length: 6 }, (_, i) => column[i >> 1]);
    const map = leastSquaresFromProducts({ xx: product(twice, twice, 2), xy: product(twice, twice, 2) }, 2);
    expectClose(map, [0.5, 0.5, 0.5, 0.5], 1e-12);
  });
});

describe("eigenvalues", () => {
  it("agree with NumPy", () => {
    const { A, re_im } = golden("eigenvalues");
    const { real, imaginary } = eigenvalues(flat(A), 40);
    for (const [re, im] of re_im) {
      const nearest = Math.min(...real.map((x, i) => Math.hypot(x - re, imaginary[i] - im)));
      expect(nearest).toBeLessThan(1e-8);
    }
    const moduli = real.map((x, i) => Math.hypot(x, imaginary[i]));
    expect([...moduli]).toEqual([...moduli].sort((a, b) => b - a));
  });

  it("of the golden least-squares map agree with NumPy", () => {
    const g = golden("procrustes");
    const { real, imaginary } = eigenvalues(flat(g.least_squares), 10);
    for (const [re, im] of g.least_squares_eigenvalues_re_im)
      expect(Math.min(...real.map((x, i) => Math.hypot(x - re, imaginary[i] - im)))).toBeLessThan(1e-6);
  });

  it("are real where a matrix is symmetric but for rounding", () => {
    const { A } = golden("eigenvalues");
    const a = flat(A);
    const symmetric = a.map((value, i) => value + a[(i % 40) * 40 + Math.floor(i / 40)] + 1e-14 * (i % 3));
    const { real, imaginary } = eigenvalues(symmetric, 40);
    expect(imaginary.every((value) => value === 0)).toBe(true);
    const squares = symmetric.reduce((sum, value) => sum + value ** 2, 0);
    expect(real.reduce((sum, value) => sum + value ** 2, 0) / squares).toBeCloseTo(1, 10);
  });

  it("sum to the trace", () => {
    const entry = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 16, maxLength: 16 }), (entries) => {
        const { real, imaginary } = eigenvalues(Float64Array.from(entries), 4);
        expect(real.reduce((a, b) => a + b)).toBeCloseTo(
          entries[0] + entries[5] + entries[10] + entries[15],
          6,
        );
        expect(imaginary.reduce((a, b) => a + b)).toBeCloseTo(0, 8);
      }),
    );
  });

  it("refuse what has none", () => {
    expect(() => eigenvalues(new Float64Array(6), 2)).toThrow(/no 2 × 2/);
    expect(() => eigenvalues(Float64Array.of(Number.NaN), 1)).toThrow(/not finite/);
  });
});

describe("linearAssignment", () => {
  it("agrees with SciPy", () => {
    const { cost, columns, total } = golden("assignment");
    const found = linearAssignment(flat(cost), 40);
    expect([...found]).toEqual(columns);
    expect(found.reduce((sum, j, i) => sum + cost[i][j], 0)).toBeCloseTo(total, 10);
  });

  it("is the best of all assignments of small rectangles", () => {
    const best = (cost: number[][], used: number[], i = 0): number =>
      i === cost.length
        ? 0
        : Math.min(
            ...cost[i].map((c, j) =>
              used.includes(j) ? Number.POSITIVE_INFINITY : c + best(cost, [...used, j], i + 1),
            ),
          );
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(2)).chain(([n, more]) =>
      fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: n + more, maxLength: n + more }), {
        minLength: n,
        maxLength: n,
      }),
    );
    fc.assert(
      fc.property(matrix, (cost) => {
        const found = linearAssignment(flat(cost), cost[0].length);
        expect(new Set(found).size).toBe(cost.length);
        expect(found.reduce((sum, j, i) => sum + cost[i][j], 0)).toBe(best(cost, []));
      }),
    );
  });

  it("refuses what cannot be assigned", () => {
    expect(() => linearAssignment(new Float64Array(6), 2)).toThrow(/3 rows do not fit 2/);
    expect(() => linearAssignment(Float64Array.of(1, Number.NaN), 2)).toThrow(/not finite/);
  });
});

describe("matchDirections", () => {
  it("finds a permuted dictionary again, whatever the lengths", () => {
    const random = seededRandom(6);
    const [n, d] = [20, 8];
    const a = Float32Array.from({ length: n * d }, () => random.normal());
    const order = random.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
    const b = new Float32Array(n * d);
    order.forEach((to, i) => {
      b.set(
        a.subarray(i * d, (i + 1) * d).map((v) => 3 * v),
        to * d,
      );
    });
    const { partner, cosine, nearest } = matchDirections(a, b, d);
    expect([...partner]).toEqual([...order]);
    expectClose(cosine, new Float32Array(n).fill(1), 1e-6);
    expectClose(nearest, new Float32Array(n).fill(1), 1e-6);
  });

  it("matches one to one where several have the same nearest", () => {
    const a = Float32Array.of(1, 0, 1, 0.1);
    const b = Float32Array.of(1, 0, 0, 1);
    const { partner, nearest } = matchDirections(a, b, 2);
    expect([...partner]).toEqual([0, 1]);
    expect(nearest[1]).toBeGreaterThan(0.99);
  });
});
