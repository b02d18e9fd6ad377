import { readFileSync } from "node:fs";
import { holm, type WilcoxonOptions, wilcoxon } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));

interface Result {
  readonly alternative: NonNullable<WilcoxonOptions["alternative"]>;
  readonly zero_method: NonNullable<WilcoxonOptions["zeros"]>;
  readonly method: NonNullable<WilcoxonOptions["method"]>;
  readonly statistic: number;
  readonly p: number;
}

const cases: { a: number[]; b: number[]; results: Result[] }[] = golden("wilcoxon");
const distinct = fc.uniqueArray(fc.integer({ min: -40, max: 40 }), {
  selector: Math.abs,
  minLength: 1,
  maxLength: 12,
});
const some = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 });
const zeros = fc.constantFrom("wilcox", "pratt");
const nothing = (values: readonly number[]) => values.map(() => 0);

describe("wilcoxon", () => {
  it("agrees with SciPy: ties, zeros, alternatives, exact and asymptotic", () => {
    for (const { a, b, results } of cases)
      for (const { alternative, zero_method, method, statistic, p } of results) {
        // The golden differences are b − a.
        const found = wilcoxon(b, a, { alternative, zeros: zero_method, method });
        expect(found.statistic).toBe(statistic);
        expect(found.p / p).toBeCloseTo(1, 11);
      }
  });

  it("is exact by itself where that holds, and not elsewhere", () => {
    const methods = cases.map(({ a, b }) => wilcoxon(a, b).method);
    expect(methods).toEqual(["exact", "exact", "asymptotic", "asymptotic", "asymptotic", "asymptotic"]);
    const tied = [1, 2, 2];
    expect(() => wilcoxon(tied, nothing(tied), { method: "exact" })).toThrow("no exact p where pairs tie");
  });

  it("counts the signs that are as extreme", () => {
    fc.assert(
      fc.property(distinct, (values) => {
        const sizes = values.map(Math.abs).sort((x, y) => x - y);
        const n = values[0] === 0 ? 0 : values.length;
        if (values.includes(0)) return;
        const observed = wilcoxon(values, nothing(values), { alternative: "greater" });
        let asExtreme = 0;
        for (let signs = 0; signs < 2 ** n; signs++) {
          const sum = sizes.reduce((total, _, i) => total + (signs & (1 << i) ? i + 1 : 0), 0);
          if (sum >= observed.statistic) asExtreme++;
        }
        expect(observed.p).toBeCloseTo(asExtreme / 2 ** n, 12);
      }),
      { numRuns: 30 },
    );
  });

  it("turns over where the samples are exchanged", () => {
    fc.assert(
      fc.property(some, zeros, (values, zeroMethod) => {
        const there = wilcoxon(values, nothing(values), { alternative: "greater", zeros: zeroMethod });
        const back = wilcoxon(nothing(values), values, { alternative: "less", zeros: zeroMethod });
        expect(back.p).toBeCloseTo(there.p, 12);
        expect(back.effect).toBeCloseTo(-there.effect, 12);
        expect(Math.abs(there.effect)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("finds nothing where nothing differs, and the whole effect where all do in one direction", () => {
    expect(wilcoxon([1, 2], [1, 2])).toMatchObject({ n: 2, decided: 0, p: 1, effect: 0 });
    expect(wilcoxon([2, 4, 7], [1, 1, 1]).effect).toBe(1);
    expect(() => wilcoxon([1], [])).toThrow("no pairs");
    expect(() => wilcoxon([Number.NaN], [1])).toThrow("not a number");
  });
});

describe("holm", () => {
  it("agrees with statsmodels' convention", () => {
    const { holm_p, holm_adjusted } = golden("rank");
    holm(holm_p).forEach((p, i) => {
      expect(p).toBeCloseTo(holm_adjusted[i], 14);
    });
  });

  it("keeps the order, lowers no p, and exceeds no Bonferroni", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (p) => {
        const adjusted = holm(p);
        for (const [i, value] of adjusted.entries()) {
          expect(value).toBeGreaterThanOrEqual(p[i]);
          expect(value).toBeLessThanOrEqual(Math.min(1, p.length * p[i]));
          for (const [j, other] of adjusted.entries()) if (p[i] < p[j]) expect(value <= other).toBe(true);
        }
      }),
    );
  });
});
