import { readFileSync } from "node:fs";
import { kendall, pearson, ranks, spearman } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = JSON.parse(readFileSync(new URL("../fixtures/rank.json", import.meta.url), "utf8"));

describe("rank correlations", () => {
  it("agree with SciPy", () => {
    expect(spearman(golden.a, golden.b)).toBeCloseTo(golden.spearman[0], 12);
    expect(kendall(golden.a, golden.b)).toBeCloseTo(golden.kendall[0], 12);
    expect(pearson(golden.a, golden.b)).toBeCloseTo(golden.pearson[0], 12);
  });

  it("refuse values that are no pairs", () => {
    expect(() => spearman([1, 2], [1])).toThrow("no pairs");
    expect(() => kendall([1, 2], [1])).toThrow("no pairs");
  });
});

describe("ranks", () => {
  it("count the smaller values, and half of the equal ones", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (values) => {
        const expected = values.map((v) => {
          const smaller = values.filter((other) => other < v).length;
          const equal = values.filter((other) => other === v).length;
          return smaller + (equal + 1) / 2;
        });
        expect([...ranks(values)]).toEqual(expected);
      }),
    );
  });

  it("refuse what is not a number", () => {
    expect(() => ranks([1, Number.NaN, 2])).toThrow(/value 1 is not a number/);
  });
});
