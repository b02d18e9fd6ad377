import { readFileSync } from "node:fs";
import { pairedT, studentTails } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

/** From SciPy 1.17: `ttest_rel` and `2 * t.sf`. */
const golden: {
  pairs: { a: number[]; b: number[]; t: number; p: number }[];
  tails: { t: number; df: number; p: number }[];
} = JSON.parse(readFileSync(new URL("../fixtures/student.json", import.meta.url), "utf8"));

describe("pairedT", () => {
  it("is SciPy's", () => {
    for (const { a, b, t, p } of golden.pairs) {
      const found = pairedT(a, b);
      expect(found.n).toBe(a.length);
      expect(found.t).toBeCloseTo(t, 9);
      expect(found.p / p).toBeCloseTo(1, 9);
    }
  });

  it("knows its tails far out and for any number of pairs", () => {
    for (const { t, df, p } of golden.tails) {
      const found = studentTails(t, df);
      if (p > 1e-280) expect(found / p).toBeCloseTo(1, 8);
    }
    // Cauchy's distribution.
    expect(studentTails(1, 1)).toBeCloseTo(0.5, 13);
  });

  it("says 1 where nothing differs, and 0 where all differ by the same", () => {
    expect(pairedT([1, 2, 3], [1, 2, 3])).toEqual({ n: 3, t: 0, p: 1 });
    expect(pairedT([1, 2, 3], [0, 1, 2])).toEqual({ n: 3, t: Number.POSITIVE_INFINITY, p: 0 });
    expect(() => pairedT([1], [2])).toThrow("pairedT: 1 and 1 values are not two pairs");
  });
});
