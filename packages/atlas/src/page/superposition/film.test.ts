import { describe, expect, test } from "vitest";
import { PageError } from "../data/load.ts";
import { assembleFilm, takenFor } from "./film.ts";

const direction = Array.from({ length: 10 }, (_, c) => {
  // Class 3 stands first around the circle, then 4, 5, …
  const bearing = -Math.PI + 0.3 + (((c + 7) % 10) * Math.PI) / 5;
  return [Math.cos(bearing), Math.sin(bearing)];
}).flat();

const row = (step: number, scale: number, moves: number[]) => ({
  step,
  loss: 1,
  accuracy: 0.5,
  scale,
  moves: new Uint8Array(Int8Array.from(moves).buffer),
  direction,
});

describe("a film", () => {
  const film = assembleFilm([row(0, 0.5, [2, -4, 0, 6]), row(1, 2, [-1, 1, 0, -127])], [3, 4]);

  test("adds up the moves of every frame", () => {
    expect(film.frames.map(({ position }) => [...position])).toEqual([
      [1, -2, 0, 3],
      [-1, 0, 0, -251],
    ]);
  });

  test("looks out as far as points have come until now", () => {
    const [first, second] = film.frames;
    expect(first!.extent).toBeCloseTo(Math.hypot(1, 2), 6);
    expect(second!.extent).toBeGreaterThanOrEqual(first!.extent);
  });

  test("numbers the classes around the circle and finds room between two", () => {
    expect(film.order).toEqual([7, 8, 9, 0, 1, 2, 3, 4, 5, 6]);
    expect(film.gap).toBeCloseTo(-Math.PI + 0.3 + 1.5 * (Math.PI / 5), 6);
  });

  test("takes a point for the class in whose direction it lies", () => {
    for (let c = 0; c < 10; c++) {
      const position = Float32Array.of(7 * direction[2 * c]!, 7 * direction[2 * c + 1]!);
      expect(takenFor({ ...film.frames[0]!, position }, 0)).toBe(c);
    }
  });

  test("of other points than it says is refused", () => {
    expect(() => assembleFilm([row(0, 1, [1, 2])], [3, 4])).toThrow(PageError);
    expect(() => assembleFilm([], [])).toThrow("holds no frames");
  });
});
