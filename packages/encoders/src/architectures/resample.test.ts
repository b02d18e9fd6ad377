import fc from "fast-check";
import { expect, test } from "vitest";
import { resampleMap } from "./resample.ts";

const sizes = fc.integer({ min: 1, max: 9 });
const grids = fc.tuple(sizes, sizes);
const map = ([h, w]: readonly [number, number], d: number) =>
  Float32Array.from({ length: h * w * d }, (_, i) => Math.sin(i * i));

test("a map at its own size is the map", () => {
  fc.assert(
    fc.property(grids, (grid) => {
      expect(resampleMap(map(grid, 3), [...grid, 3], grid)).toEqual(map(grid, 3));
    }),
  );
});

test("what is the same everywhere stays so, and mirrored maps give mirrored ones", () => {
  fc.assert(
    fc.property(grids, grids, (from, to) => {
      const flat = new Float32Array(from[0] * from[1] * 2).fill(1.5);
      for (const value of resampleMap(flat, [...from, 2], to)) expect(value).toBeCloseTo(1.5, 5);
      const turned = resampleMap(map(from, 1).reverse(), [...from, 1], to).reverse();
      for (const [i, value] of resampleMap(map(from, 1), [...from, 1], to).entries())
        expect(turned[i]).toBeCloseTo(value, 5);
    }),
  );
});

// torch.nn.functional.interpolate(mode="bicubic", antialias=True), PyTorch 2.13, of one row.
test("PyTorch's numbers, larger and smaller", () => {
  const row = Float32Array.of(1, -2, 4, 0.5, 3);
  const wider = resampleMap(row, [1, 5, 1], [1, 7]);
  const narrower = resampleMap(row, [1, 5, 1], [1, 2]);
  const larger = [1.174757, -1.077562, -0.664722, 4.0, 1.33965, 1.368422, 3.145631];
  const smaller = [0.394233, 2.117153];
  for (const [i, value] of wider.entries()) expect(value).toBeCloseTo(larger[i], 5);
  for (const [i, value] of narrower.entries()) expect(value).toBeCloseTo(smaller[i], 5);
  expect([wider.length, narrower.length]).toEqual([7, 2]);
});
