import { heldOutOf, orderOf } from "@optogram/train-reconstructor";
import { expect, it } from "vitest";

it("holds out images evenly spaced, each once", () => {
  expect(heldOutOf(100, 4)).toEqual([12, 37, 62, 87]);
  expect(heldOutOf(3, 3)).toEqual([0, 1, 2]);
});

it("shows every image once an epoch, in an order of the epoch's own that depends on the seed alone", () => {
  const steps = (seed: number) => Array.from({ length: 14 }, (_, step) => orderOf(10, 5, seed)(step)).flat();
  const shown = steps(1);
  for (let epoch = 0; epoch < 7; epoch++)
    expect(shown.slice(10 * epoch, 10 * epoch + 10).toSorted((a, b) => a - b)).toEqual([...Array(10).keys()]);
  expect(shown.slice(0, 10)).not.toEqual(shown.slice(10, 20));
  expect(steps(1)).toEqual(shown);
  expect(steps(2)).not.toEqual(shown);
});

it("lets a batch reach over the end of an epoch", () => {
  const order = orderOf(5, 4, 1);
  const [first, second] = [order(0), order(1)];
  expect(new Set([...first, second[0]]).size).toBe(5);
  // Back again, as after a resume.
  expect(orderOf(5, 4, 1)(1)).toEqual(second);
  expect(order(0)).toEqual(first);
});
