import fc from "fast-check";
import { expect, test } from "vitest";
import { affineOf, apply, boxOf, clipOutline, compose, overlap, type Point } from "./geometry.ts";

const number = fc.double({ min: -50, max: 50, noNaN: true });
const pose = fc.record({
  x: number,
  y: number,
  angle: number,
  scale: fc.double({ min: 0.1, max: 3, noNaN: true }),
  flip: fc.boolean(),
});

test("compose applies the inner map first", () => {
  fc.assert(
    fc.property(pose, pose, number, number, (p, q, x, y) => {
      const outer = affineOf(p);
      const inner = affineOf(q);
      const [ax, ay] = apply(compose(outer, inner), [x, y]);
      const [bx, by] = apply(outer, apply(inner, [x, y]));
      expect(ax).toBeCloseTo(bx, 6);
      expect(ay).toBeCloseTo(by, 6);
    }),
  );
});

test("a quarter turn is clockwise, y pointing down", () => {
  const [x, y] = apply(affineOf({ angle: 90 }), [1, 0]);
  expect(x).toBeCloseTo(0);
  expect(y).toBeCloseTo(1);
});

test("a square cut through its middle keeps the half away from the normal", () => {
  const square: Point[] = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ];
  expect(boxOf(clipOutline(square, [1, 1], [1, 0]))).toEqual({ x: 0, y: 0, width: 1, height: 2 });
  expect(boxOf(clipOutline(square, [1, 1], [0, -1]))).toEqual({ x: 0, y: 1, width: 2, height: 1 });
  expect(boxOf(clipOutline(square, [-1, 0], [1, 0]))).toBeUndefined();
});

test("overlap is the shared area, and none for boxes that touch", () => {
  const box = (x: number, y: number) => ({ x, y, width: 2, height: 2 });
  expect(overlap(box(0, 0), box(1, 1))).toBe(1);
  expect(overlap(box(0, 0), box(2, 0))).toBe(0);
});
