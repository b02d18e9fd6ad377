import {
  cropSide,
  crops,
  laidOver,
  overlap,
  places,
  sideBySide,
  verdictOf,
} from "@optogram/combine-features";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const activations = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 9, maxLength: 9 });

/** Of something that fills the left or right half: how much of each crop shows it. */
const half = (right: boolean) =>
  crops.map(({ left }) => {
    const from = Math.max(left, right ? 0.5 : 0);
    const to = Math.min(left + cropSide, right ? 1 : 0.5);
    return Math.max(0, to - from);
  });

describe("overlap", () => {
  it("lies between 0 and 1, is symmetric, and 1 of a thing with itself at any strength", () => {
    fc.assert(
      fc.property(activations, activations, (a, b) => {
        const [p, q] = [places(a), places(b)];
        fc.pre(p !== undefined && q !== undefined);
        expect(overlap(p!, q!)).toBeGreaterThanOrEqual(0);
        expect(overlap(p!, q!)).toBeLessThanOrEqual(1 + 1e-9);
        expect(overlap(p!, q!)).toBeCloseTo(overlap(q!, p!), 12);
        expect(overlap(p!, places(a.map((value) => value / 3))!)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is a third for things that fill a half each", () => {
    expect(overlap(places(half(false))!, places(half(true))!)).toBeCloseTo(1 / 3, 12);
  });
});

describe("verdictOf", () => {
  it("calls the same places fused and different ones side by side", () => {
    expect(
      verdictOf(
        half(true),
        half(true).map((value) => 5 * value),
      ).verdict,
    ).toBe("fused");
    expect(verdictOf(half(true), half(false)).verdict).toBe("side by side");
  });

  it("says where one of the two is nowhere", () => {
    expect(
      verdictOf(
        half(true),
        crops.map(() => 0),
      ).verdict,
    ).toBe("one alone");
  });
});

describe("beginnings", () => {
  const size = 8;
  const [black, white] = [new Float32Array(3 * size * size), new Float32Array(3 * size * size).fill(1)];

  it("lays over as the mean, and sets side by side with the first at the left", () => {
    expect(new Set(laidOver(black, white))).toEqual(new Set([0.5]));
    const beside = sideBySide(black, white, size);
    for (const [i, value] of beside.entries()) expect(value).toBe(i % size < size / 2 ? 0 : 1);
  });

  it("keeps the middle of each picture", () => {
    const columns = black.map((_, i) => i % size);
    expect(Array.from(sideBySide(columns, columns, size).subarray(0, size))).toEqual([
      2, 3, 4, 5, 2, 3, 4, 5,
    ]);
  });
});
