import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "./random.ts";

const first = (random: Random) => Array.from({ length: 8 }, () => random.bits());

test("the same keys give the same stream, other keys another", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (seed, index) => {
      expect(first(Random.of(seed, index))).toEqual(first(Random.of(seed, index)));
      expect(first(Random.of(seed, index))).not.toEqual(first(Random.of(seed, index + 1)));
      expect(first(Random.of(seed, index))).not.toEqual(first(Random.of(index + 1, seed)));
    }),
  );
});

test("first numbers of neighbouring streams are uniform and unrelated", () => {
  const n = 4000;
  const bins = new Array<number>(16).fill(0);
  let product = 0;
  for (let i = 0; i < n; i++) {
    const here = Random.of(1, i).unit();
    const next = Random.of(1, i + 1).unit();
    bins[Math.floor(here * 16)]! += 1;
    product += (here - 0.5) * (next - 0.5);
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0);
  expect(chiSquare).toBeLessThan(37.7); // 99.9 % quantile at 15 degrees of freedom
  expect(Math.abs((product / n) * 12)).toBeLessThan(0.06);
});

test("ranges, integers and weights stay within their bounds", () => {
  const random = Random.of(3);
  const drawn = new Set<number>();
  for (let i = 0; i < 2000; i++) {
    const value = random.range(-2, 5);
    expect(value >= -2 && value < 5).toBe(true);
    expect(Math.abs(random.around(3))).toBeLessThan(3);
    drawn.add(random.integer(2, 6));
    expect(random.weighted([0, 1, 0, 3])).toSatisfy((at: number) => at === 1 || at === 3);
  }
  expect([...drawn].toSorted()).toEqual([2, 3, 4, 5, 6]);
});
