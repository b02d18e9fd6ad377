import { describe, expect, it } from "vitest";
import { RowOrder } from "./rows.ts";

describe("RowOrder", () => {
  it("takes every row once a pass and does not depend on what was asked before", () => {
    const order = new RowOrder(10, 5, 3);
    const passes = [0, 1].map((pass) => [...order.at(2 * pass), ...order.at(2 * pass + 1)]);
    for (const pass of passes)
      expect([...pass].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(passes[0]).not.toEqual(passes[1]);
    expect([...new RowOrder(10, 5, 3).at(3)]).toEqual(passes[1].slice(5));
  });
});
