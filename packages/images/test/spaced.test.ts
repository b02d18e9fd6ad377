import { spacedPositions } from "@optogram/images";
import { expect, it } from "vitest";

it("spreads positions over the set, and takes all of a small one", () => {
  expect(spacedPositions(10, 4)).toEqual([0, 2, 5, 7]);
  expect(spacedPositions(3, 4)).toEqual([0, 1, 2]);
});
