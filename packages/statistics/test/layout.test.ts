import {
  exactGrid,
  type Grid,
  greedyGrid,
  histogram,
  linearAssignment,
  Moments,
  neighboursKept,
  quantiles,
  seededRandom,
  trustworthiness,
} from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const cellCost = (points: ArrayLike<number>, { columns, rows }: Grid, i: number, cell: number) =>
  (points[2 * i] * columns - 0.5 - (cell % columns)) ** 2 +
  (points[2 * i + 1] * rows - 0.5 - Math.floor(cell / columns)) ** 2;
const total = (points: ArrayLike<number>, grid: Grid, cells: Uint32Array) =>
  cells.reduce((sum, cell, i) => sum + cellCost(points, grid, i, cell), 0);

/** Points from 0 to 1, many of them crowded, on a grid with room for them. */
const crowds = fc
  .record({ columns: fc.integer({ min: 1, max: 9 }), rows: fc.integer({ min: 1, max: 9 }) })
  .chain((grid) =>
    fc.record({
      grid: fc.constant(grid),
      n: fc.integer({ min: 1, max: grid.columns * grid.rows }),
      seed: fc.integer(),
      spread: fc.constantFrom(1, 0.2, 0),
    }),
  )
  .map(({ grid, n, seed, spread }) => {
    const random = seededRandom(seed);
    const points = Float64Array.from({ length: 2 * n }, () => (1 - spread) * 0.4 + spread * random.uniform());
    return { grid, n, points };
  });

describe("grids", () => {
  it("exactGrid: costs what the dense assignment costs", () => {
    fc.assert(
      fc.property(crowds, ({ grid, n, points }) => {
        const cells = exactGrid(points, grid);
        expect(new Set(cells).size).toBe(n);
        const all = grid.columns * grid.rows;
        const dense = linearAssignment(
          Float64Array.from({ length: n * all }, (_, p) =>
            cellCost(points, grid, Math.floor(p / all), p % all),
          ),
          all,
        );
        expect(total(points, grid, cells)).toBeCloseTo(total(points, grid, dense), 8);
      }),
    );
  });

  it("greedyGrid: one cell each, close to the least cost and never below it", () => {
    fc.assert(
      fc.property(crowds, ({ grid, n, points }) => {
        const cells = greedyGrid(points, grid);
        expect(new Set(cells).size).toBe(n);
        const least = total(points, grid, exactGrid(points, grid));
        const cost = total(points, grid, cells);
        expect(cost).toBeGreaterThanOrEqual(least - 1e-9);
        expect(cost).toBeLessThanOrEqual(1.5 * least + 2);
      }),
      // A heuristic has no bound that holds for every crowd: the same crowds in every run.
      { seed: 1 },
    );
  });

  it("puts the centres of cells where they are", () => {
    const grid = { columns: 5, rows: 3 };
    const points = Float32Array.from({ length: 30 }, (_, p) =>
      p % 2 === 0 ? (((p / 2) % 5) + 0.5) / 5 : (Math.floor(p / 10) + 0.5) / 3,
    );
    for (const place of [exactGrid, greedyGrid])
      expect([...place(points, grid)]).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  it("refuses too many points and points outside", () => {
    expect(() => exactGrid(new Float32Array(6), { columns: 1, rows: 2 })).toThrow(
      /3 points do not fit 1 × 2/,
    );
    expect(() => greedyGrid(Float32Array.of(0, 1.5), { columns: 2, rows: 2 })).toThrow(/between 0 and 1/);
  });
});

/** Trustworthiness as its authors write it, for distances without ties. */
function byDefinition(space: number[][], layout: number[][], k: number): number {
  const n = space.length;
  const order = (rows: number[][], i: number) =>
    rows
      .map((row, j) => [Math.hypot(...row.map((v, p) => v - rows[i][p])), j])
      .filter(([, j]) => j !== i)
      .sort((a, b) => a[0] - b[0])
      .map(([, j]) => j);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const ranks = order(space, i);
    for (const j of order(layout, i).slice(0, k)) penalty += Math.max(0, ranks.indexOf(j) + 1 - k);
  }
  return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * penalty;
}

describe("trustworthiness", () => {
  const random = seededRandom(3);
  const n = 60;
  const space = Array.from({ length: n }, () => [random.normal(), random.normal(), random.normal()]);
  const distances = (i: number, out: Float64Array) => {
    for (let j = 0; j < n; j++) out[j] = Math.hypot(...space[i].map((v, p) => v - space[j][p]));
  };

  it("is the formula of Venna and Kaski", () => {
    for (const k of [1, 5, 12]) {
      const projected = space.map((row) => row.slice(0, 2));
      const actual = trustworthiness(Float64Array.from(projected.flat()), 2, k, distances);
      expect(actual).toBeCloseTo(byDefinition(space, projected, k), 12);
      expect(actual).toBeLessThan(1);
    }
  });

  it("is 1 for the space itself and falls to one half at random", () => {
    expect(trustworthiness(Float64Array.from(space.flat()), 3, 5, distances)).toBe(1);
    const noise = Float64Array.from({ length: 2 * n }, () => random.normal());
    expect(Math.abs(trustworthiness(noise, 2, 5, distances) - 0.5)).toBeLessThan(0.1);
  });

  it("gives ties their middle rank", () => {
    // All equally far: each neighbour has rank n / 2 of 1 … n − 1.
    const flat = (_: number, out: Float64Array) => void out.fill(1);
    const layout = Float64Array.from({ length: 20 }, (_, p) => (p % 2 === 0 ? p ** 1.5 : 0));
    expect(trustworthiness(layout, 2, 2, flat)).toBeCloseTo(1 - (2 / (10 * 2 * 13)) * 10 * 2 * 3, 12);
    expect(() => trustworthiness(layout, 2, 5, flat)).toThrow(/5 neighbours need more than 10/);
  });
});

describe("neighboursKept", () => {
  it("counts kept neighbours and shares ties", () => {
    const line = Float64Array.from([0, 0, 1, 0, 2.1, 0, 3.3, 0]);
    expect(neighboursKept(line, line, 2)).toBe(1);
    // Everything on one spot: 2 of 3 others, whichever they are.
    expect(neighboursKept(line, new Float64Array(8), 2)).toBeCloseTo(2 / 3, 12);
    // Ends exchanged: 0 | 1 2 3 becomes 3 1 2 0.
    const swapped = Float64Array.from([3.3, 0, 1, 0, 2.1, 0, 0, 0]);
    expect(neighboursKept(line, swapped, 1)).toBe(0.25);
  });
});

describe("summaries", () => {
  it("quantiles interpolate as NumPy's", () => {
    expect(quantiles([3, 1, 4, 1, 5], [0, 0.1, 0.5, 0.9, 1])).toEqual([1, 1, 3, 4.6, 5]);
    expect(() => quantiles([], [0.5])).toThrow(/no values/);
    expect(() => quantiles([1, Number.NaN], [0.5])).toThrow(/not a number/);
  });

  it("histograms count everything inside once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 2, noNaN: true })),
        fc.integer({ min: 1, max: 30 }),
        (x, bins) => {
          const inside = x.filter((v) => v >= 0 && v <= 1);
          const counts = histogram(x, bins, 0, 1);
          expect(counts.reduce((a, b) => a + b, 0)).toBe(inside.length);
        },
      ),
    );
    expect([...histogram([0, 0.49, 0.5, 1, 1.1], 2, 0, 1)]).toEqual([2, 2]);
    expect([...histogram([0, 0], 2, 0, 0)]).toEqual([2, 0]);
  });

  it("moments keep a small variance beside a large mean, in any number of steps", () => {
    const moments = new Moments(2);
    moments.add([1e8 + 1, 1]);
    moments.add([1e8 + 2, 5, 1e8 + 3, 0]);
    expect(moments.count).toBe(3);
    expect([...moments.mean]).toEqual([1e8 + 2, 2]);
    expect(moments.variance()[0]).toBeCloseTo(2 / 3, 6);
    expect(moments.variance()[1]).toBeCloseTo(14 / 3, 12);
    expect(() => moments.add([1])).toThrow(/no rows of 2/);
  });
});
