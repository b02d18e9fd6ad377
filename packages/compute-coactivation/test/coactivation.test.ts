import {
  Coactivation,
  coactivationNeighbours,
  histogramBins,
  lift,
  pointwiseMutualInformation,
  summarise,
} from "@optogram/compute-coactivation";
import type { SparseRows } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Dense activations, images × features, as sparse codes. */
function sparse(dense: readonly (readonly number[])[]): SparseRows {
  const offsets = [0];
  const entries: [number, number][] = [];
  for (const row of dense) {
    row.forEach((value, feature) => {
      if (value > 0) entries.push([feature, value]);
    });
    offsets.push(entries.length);
  }
  return {
    columns: dense[0].length,
    offsets: Uint32Array.from(offsets),
    indices: Uint16Array.from(entries, (e) => e[0]),
    values: Float32Array.from(entries, (e) => e[1]),
  };
}

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }))
  .chain(([images, features]) =>
    fc.array(
      fc.array(fc.constantFrom(0, 0, 0, 0.25, 0.5, 1, 2), { minLength: features, maxLength: features }),
      { minLength: images, maxLength: images },
    ),
  );

const column = (dense: number[][], f: number) => dense.map((row) => row[f]);
const meetings = (a: number[], b: number[]) => a.filter((v, i) => v > 0 && b[i] > 0).length;
function correlation(a: number[], b: number[]): number {
  const centred = (x: number[]) => x.map((v) => v - x.reduce((sum, w) => sum + w, 0) / x.length);
  const [p, q] = [centred(a), centred(b)];
  const scale = Math.hypot(...p) * Math.hypot(...q);
  return scale < 1e-9 ? 0 : p.reduce((sum, v, i) => sum + v * q[i], 0) / scale;
}

describe("Coactivation", () => {
  it("gives the counts and correlations of the dense matrix, row after row", () => {
    fc.assert(
      fc.property(matrices, (dense) => {
        const space = new Coactivation(sparse(dense));
        const all = new Float64Array(dense[0].length);
        // Twice, because rows share their memory.
        for (const f of [...dense[0].keys(), ...dense[0].keys()]) {
          const row = space.row(f);
          const a = column(dense, f);
          expect(space.counts[f]).toBe(meetings(a, a));
          for (const g of dense[0].keys()) {
            const b = column(dense, g);
            const met = f === g ? 0 : meetings(a, b);
            expect(row.together[g]).toBe(met);
            expect(row.others.includes(g)).toBe(met > 0);
            space.correlations(f, all);
            expect(all[g]).toBeCloseTo(f === g ? 1 : correlation(a, b), 8);
            if (met > 0) expect(row.correlation[g]).toBeCloseTo(correlation(a, b), 8);
          }
        }
      }),
    );
  });

  it("is symmetric and bounded", () => {
    fc.assert(
      fc.property(matrices, (dense) => {
        const space = new Coactivation(sparse(dense));
        const rows = dense[0].map((_, f) => Array.from(space.row(f).correlation));
        rows.forEach((row, f) => {
          row.forEach((value, g) => {
            expect(value).toBeCloseTo(rows[g][f], 10);
            expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-9);
          });
        });
      }),
    );
  });

  it("refuses activations that are not positive", () => {
    const codes = sparse([[1, 2]]);
    expect(() => new Coactivation({ ...codes, values: Float32Array.of(1, 0) })).toThrow(/activation 1 is 0/);
  });
});

describe("coactivationNeighbours", () => {
  it("lists the most correlated among those met often enough and above chance", () => {
    fc.assert(
      fc.property(
        matrices,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (dense, k, minimum) => {
          const found = coactivationNeighbours(new Coactivation(sparse(dense)), k, minimum);
          for (const f of dense[0].keys()) {
            const a = column(dense, f);
            const expected = dense[0]
              .map((_, g) => ({
                g,
                met: meetings(a, column(dense, g)),
                near: correlation(a, column(dense, g)),
              }))
              .filter(({ g, met, near }) => g !== f && met >= minimum && near > 1e-9);
            const listed = Array.from(
              found.others.subarray(found.offsets[f], found.offsets[f + 1]),
              (other, r) => ({ other, p: found.offsets[f] + r }),
            );
            expect(listed.length).toBe(Math.min(k, expected.length));
            const ranked = expected.map(({ near }) => near).sort((x, y) => y - x);
            listed.forEach(({ other, p }, r) => {
              const match = expected.find(({ g }) => g === other);
              expect(found.together[p]).toBe(match?.met);
              expect(found.scores[p]).toBeCloseTo(match?.near ?? Number.NaN, 5);
              expect(found.scores[p]).toBeCloseTo(ranked[r], 5);
            });
          }
        },
      ),
    );
  });
});

describe("association against chance", () => {
  it("lift is 1 and mutual information 0 for independence, by definition", () => {
    expect(lift(10, 20, 50, 100)).toBe(1);
    expect(pointwiseMutualInformation(10, 20, 50, 100)).toBe(0);
    // Always together, each in a tenth of the images: ten times chance.
    expect(lift(10, 10, 10, 100)).toBe(10);
    expect(pointwiseMutualInformation(8, 8, 8, 64)).toBe(3);
    expect(pointwiseMutualInformation(0, 8, 8, 64)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("summarise", () => {
  it("describes each feature by itself", () => {
    fc.assert(
      fc.property(matrices, (dense) => {
        const found = summarise(new Coactivation(sparse(dense)));
        for (const f of dense[0].keys()) {
          const a = column(dense, f);
          const active = a.filter((v) => v > 0);
          const sum = active.reduce((x, y) => x + y, 0);
          expect(found.count[f]).toBe(active.length);
          expect(found.density[f]).toBeCloseTo(active.length / a.length, 6);
          expect(found.max[f]).toBe(Math.max(0, ...active));
          expect(found.mean[f]).toBeCloseTo(active.length > 0 ? sum / active.length : 0, 5);
          expect(found.strength[f]).toBeCloseTo(sum / a.length, 5);
          const bins = found.histogram.subarray(f * histogramBins, (f + 1) * histogramBins);
          expect(bins.reduce((x, y) => x + y, 0)).toBe(active.length);
          if (active.length > 0) expect(bins[histogramBins - 1]).toBeGreaterThan(0);
          const images = [...found.tops.images.subarray(found.tops.offsets[f], found.tops.offsets[f + 1])];
          const expected = a
            .map((value, image) => ({ value, image }))
            .filter(({ value }) => value > 0)
            .sort((x, y) => y.value - x.value || x.image - y.image);
          expect(images).toEqual(expected.map(({ image }) => image));
        }
      }),
    );
  });

  it("keeps 24 top images", () => {
    const dense = Array.from({ length: 40 }, (_, i) => [1 + ((i * 7) % 40)]);
    const { tops } = summarise(new Coactivation(sparse(dense)));
    expect([...tops.values]).toEqual(Array.from({ length: 24 }, (_, r) => 40 - r));
  });
});
