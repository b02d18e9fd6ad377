import { expect, test } from "vitest";
import { boxOf } from "./geometry.ts";
import { mirrored, outlineOf, Pen } from "./pen.ts";

const box = (pen: Pen) => boxOf(pen.shapes.flatMap(outlineOf));

test("a part drawn elsewhere is moved, turned and scaled", () => {
  const pen = new Pen();
  pen.at({ x: 10, y: 20, angle: 90, scale: 2 }, () => pen.rect(0, 0, 3, 1, "#ff0000"));
  const { x, y, width, height } = box(pen)!;
  expect([x, y, width, height].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([8, 20, 2, 6]);
});

test("a mirrored ellipse leans the other way", () => {
  const pen = new Pen();
  pen.ellipse(0, 0, 10, 1, "#ff0000", { angle: 30 });
  pen.at({ flip: true }, () => pen.ellipse(0, 0, 10, 1, "#ff0000", { angle: 30 }));
  const [plain, flipped] = pen.shapes.map((shape) => outlineOf(shape));
  const rightmost = (points: typeof plain) => points!.reduce((a, b) => (b[0] > a[0] ? b : a));
  expect(rightmost(plain)[1]).toBeGreaterThan(4);
  expect(rightmost(flipped)[1]).toBeLessThan(-4);
});

test("outlines bound curves closely and count half the stroke", () => {
  const pen = new Pen();
  pen.ring(0, 0, 10, "#000000", 2);
  const { x, width } = box(pen)!;
  expect(x).toBeCloseTo(-11, 0);
  expect(width).toBeCloseTo(22, 0);
});

test("an outline is completed by its mirror image", () => {
  expect(
    mirrored([
      [0, -1],
      [2, 0],
      [0, 1],
    ]),
  ).toEqual([
    [0, -1],
    [2, 0],
    [0, 1],
    [-2, 0],
  ]);
});
