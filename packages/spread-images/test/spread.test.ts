import { chooseRows, countThings, differences, nearRows, styleOf } from "@optogram/spread-images";
import { describe, expect, it } from "vitest";

const size = 64;

/** A picture of bands of colour from top to bottom, with squares on it. */
function draw(squares: readonly { x: number; y: number; side: number }[], strength = 1): Float32Array {
  return Float32Array.from({ length: 3 * size * size }, (_, i) => {
    const [channel, x, y] = [Math.floor(i / size ** 2), i % size, Math.floor((i % size ** 2) / size)];
    const inside = squares.some(
      (one) => x >= one.x && x < one.x + one.side && y >= one.y && y < one.y + one.side,
    );
    const ground = y < size / 2 ? [0.5, 0.7, 0.9][channel] : [0.7, 0.6, 0.3][channel];
    return inside ? ground + strength * ([0.9, 0.1, 0.1][channel] - ground) : ground;
  });
}

describe("countThings", () => {
  it("counts what stands out, and not a horizon", () => {
    expect(countThings(draw([]), size)).toBe(0);
    const squares = [
      { x: 8, y: 8, side: 10 },
      { x: 30, y: 24, side: 14 },
      { x: 50, y: 50, side: 7 },
    ];
    for (let n = 1; n <= 3; n++) expect(countThings(draw(squares.slice(0, n)), size)).toBe(n);
  });

  it("takes things that touch for one, and leaves out specks and shades", () => {
    expect(
      countThings(
        draw([
          { x: 10, y: 10, side: 9 },
          { x: 19, y: 10, side: 9 },
        ]),
        size,
      ),
    ).toBe(1);
    expect(countThings(draw([{ x: 10, y: 10, side: 2 }]), size)).toBe(0);
    expect(countThings(draw([{ x: 10, y: 10, side: 12 }], 0.1), size)).toBe(0);
  });
});

describe("styleOf", () => {
  const plain = (colour: readonly number[]) =>
    Float32Array.from({ length: 3 * size * size }, (_, i) => colour[Math.floor(i / size ** 2)]);

  it("has no saturation in greys and all of it in pure colours", () => {
    expect(styleOf(plain([0.4, 0.4, 0.4]), size)).toMatchObject({ saturation: 0, things: 0 });
    expect(styleOf(plain([0.4, 0.4, 0.4]), size).contrast).toBeCloseTo(0, 4);
    expect(styleOf(plain([0, 0.3, 0]), size).saturation).toBeCloseTo(1, 6);
    expect(styleOf(plain([0, 0, 0]), size).saturation).toBe(0);
  });

  it("measures contrast as the deviation of grey", () => {
    const halves = Float32Array.from({ length: 3 * size * size }, (_, i) =>
      i % size < size / 2 ? 0.2 : 0.8,
    );
    expect(styleOf(halves, size).contrast).toBeCloseTo(0.3, 5);
  });
});

describe("chooseRows", () => {
  it("spreads over the set, differently by seed, without repeats", () => {
    for (const seed of [1, 2, 3]) {
      const rows = chooseRows(1000, 4, seed);
      expect(new Set(rows.map((row) => Math.floor((row - rows[0]) / 249)))).toHaveLength(4);
      expect(chooseRows(1000, 4, seed)).toEqual(rows);
    }
    expect(chooseRows(1000, 4, 1)).not.toEqual(chooseRows(1000, 4, 2));
    expect(chooseRows(2, 5, 1)).toEqual([0, 1]);
  });
});

describe("nearRows", () => {
  it("finds the nearest and never the row itself, not even beside its like", () => {
    const angles = [0, 0, 0.1, 3, 0.2];
    const values = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    for (const row of [0, 1]) expect(nearRows({ values, width: 2 }, row, 2)).toEqual([1 - row, 2]);
  });
});

describe("differences", () => {
  const style = (saturation: number, things: number) => ({ saturation, contrast: 0.2, things });

  it("pairs each generation with its own original", () => {
    const found = differences(
      [
        { ...style(0.1, 1), generations: [style(0.2, 1), style(0.2, 3)] },
        { ...style(0.7, 4), generations: [style(0.8, 4), style(0.8, 2)] },
      ],
      1,
    );
    const [saturation, contrast, things] = found;
    expect(saturation).toMatchObject({ statistic: "saturation", original: expect.closeTo(0.4, 9) });
    expect(saturation.generated).toBeCloseTo(0.5, 9);
    expect(saturation.difference.low).toBeCloseTo(0.1, 9);
    expect(saturation.difference.high).toBeCloseTo(0.1, 9);
    expect(contrast.difference).toMatchObject({ mean: 0, low: 0, high: 0 });
    expect(things.difference.mean).toBe(0);
    expect(things.difference.low).toBeLessThan(0);
  });
});
