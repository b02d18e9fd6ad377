import { differentiable } from "@optogram/autodiff";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.ts";
import { compare, compareSum, largestError, tolerances } from "./differences.ts";

describe("every gradient rule agrees with finite differences", () => {
  test("the cases cover the rules", () => {
    expect([...new Set(cases.map((c) => c.op))].sort()).toEqual(differentiable);
  });

  for (const c of cases)
    test(`${c.op}: ${c.what}`, async () => {
      const comparisons = await compare(c);
      const numbers = comparisons.flatMap(({ difference }) => difference);
      expect(numbers.some((d) => d !== 0)).toBe(true);
      expect(largestError(comparisons), JSON.stringify(comparisons)).toBeLessThan(tolerances[c.precision]);
    });
});

test("a gradient that is one number gives what a full one gives", async () => {
  for (const c of cases) {
    const comparisons = await compareSum(c);
    const what = `${c.op}: ${c.what} ${JSON.stringify(comparisons)}`;
    expect(largestError(comparisons), what).toBeLessThan(tolerances[c.precision]);
  }
}, 120_000);
