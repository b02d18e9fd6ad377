import { expect, test } from "vitest";
import { colourNames, colourOf, dark, light, mix } from "./colour.ts";
import { Random } from "./random.ts";

const bytes = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const distance = (a: string, b: string) => {
  const other = bytes(b);
  return Math.hypot(...bytes(a).map((value, i) => value - (other[i] as number)));
};
const luminance = (hex: string) =>
  bytes(hex).reduce((sum, value, i) => sum + value * ([0.3, 0.59, 0.11][i] as number), 0);

test("mixing starts at the first colour and ends at the second", () => {
  for (const [from, to] of [
    ["#12a4c8", "#ffd000"],
    ["#000000", "#ffffff"],
  ] as const) {
    expect(distance(mix(from, to, 0), from)).toBeLessThan(2);
    expect(distance(mix(from, to, 1), to)).toBeLessThan(2);
  }
});

test("light is lighter and dark is darker", () => {
  for (const name of colourNames) {
    const colour = colourOf(name, Random.of(1));
    expect(luminance(light(colour, 0.4))).toBeGreaterThan(luminance(colour));
    expect(luminance(dark(colour, 0.4))).toBeLessThan(luminance(colour));
  }
});

test("colours of one name differ, but less than colours of two names", () => {
  const samples = colourNames.map((name) =>
    Array.from({ length: 20 }, (_, i) => colourOf(name, Random.of(i))),
  );
  const centre = samples.map((list) =>
    list.reduce((mean, colour, i) => mix(mean, colour, 1 / (i + 1)), list[0] as string),
  );
  samples.forEach((list, at) => {
    expect(new Set(list).size).toBeGreaterThan(10);
    for (const colour of list) {
      const nearest = centre.map((other) => distance(colour, other));
      expect(nearest.indexOf(Math.min(...nearest))).toBe(at);
    }
  });
});
