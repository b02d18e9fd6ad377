import {
  changes,
  hueMatrix,
  mirror,
  mirrorTokens,
  ownChange,
  ownChangeSchema,
  recolour,
} from "@optogram/fit-operators";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const width = 4;
const height = 3;
const plane = width * height;
const picture = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 3 * plane, maxLength: 3 * plane })
  .map((values) => Float32Array.from(values, (value) => value / 255));
const named = (name: string) => {
  const change = changes.find((one) => one.name === name);
  if (!change) throw new Error(`there is no ${name}`);
  return change;
};
const close = (a: Float32Array, b: Float32Array) => {
  a.forEach((value, i) => {
    expect(value).toBeCloseTo(b[i], 5);
  });
};

describe("changes", () => {
  it("have names of their own, and keep pictures in their range and size", () => {
    expect(new Set(changes.map(({ name }) => name)).size).toBe(changes.length);
    fc.assert(
      fc.property(picture, fc.constantFrom(...changes), (x, { from, to }) => {
        for (const changed of [from(x, width), to(x, width)]) {
          expect(changed).toHaveLength(x.length);
          expect(changed.every((value) => value >= 0 && value <= 1)).toBe(true);
        }
      }),
    );
  });

  it("are none when done twice, where the theory says signs", () => {
    const involutions = changes.filter(({ theory }) => theory === "signs");
    expect(involutions.map(({ name }) => name)).toEqual(["swap", "flip"]);
    fc.assert(
      fc.property(picture, fc.constantFrom(...involutions), (x, { to }) => {
        expect(to(to(x, width), width)).toEqual(x);
      }),
    );
  });

  it("suppress blue alone, as often as they say", () => {
    fc.assert(
      fc.property(picture, (x) => {
        const once = named("blue-1").to;
        let repeated: Float32Array = x;
        for (let k = 0; k < 4; k++) repeated = once(repeated, width);
        const changed = named("blue-4").to(x, width);
        close(repeated, changed);
        expect(changed.subarray(0, 2 * plane)).toEqual(x.subarray(0, 2 * plane));
        close(
          changed.subarray(2 * plane),
          x.subarray(2 * plane).map((blue) => 0.6561 * blue),
        );
      }),
    );
  });

  it("start colourisation from greys of the same luma", () => {
    const red = Float32Array.from({ length: 3 * plane }, (_, i) => (i < plane ? 1 : 0));
    close(named("colourise").from(red, width), new Float32Array(3 * plane).fill(0.2989));
    expect(named("colourise").to(red, width)).toBe(red);
  });
});

describe("hueMatrix", () => {
  it("carries red to green to blue by 120°, leaves greys, and comes back after a turn", () => {
    const pure = (channel: number) =>
      Float32Array.from({ length: 3 * plane }, (_, i) => (Math.floor(i / plane) === channel ? 1 : 0));
    const third = recolour(hueMatrix(120));
    for (const channel of [0, 1, 2]) close(third(pure(channel), width), pure((channel + 1) % 3));
    const grey = new Float32Array(3 * plane).fill(0.4);
    close(recolour(hueMatrix(77))(grey, width), grey);
    fc.assert(
      fc.property(picture, (x) => {
        close(third(third(third(x, width), width), width), x);
        close(recolour(hueMatrix(360))(x, width), x);
      }),
    );
  });
});

describe("mirrorTokens", () => {
  it("moves tokens as the mirror moves patches of a pixel", () => {
    fc.assert(
      fc.property(picture, (x) => {
        const tokens = (p: Float32Array) => p.map((_, i) => p[(i % 3) * plane + Math.floor(i / 3)]);
        expect(tokens(mirror(x, width))).toEqual(mirrorTokens(tokens(x), width, 3));
      }),
    );
  });
});

describe("ownChange", () => {
  it("is a matrix, cut to the range of pictures", () => {
    const matrix = [
      [0, 0, 0, 0.25],
      [0, 2, 0, 0],
      [0, 0, -1, 0.5],
    ];
    const { to } = ownChange(ownChangeSchema.parse({ name: "my-own", matrix }));
    expect([...to(Float32Array.of(0.3, 0.75, 0.25), 1)]).toEqual([0.25, 1, 0.25]);
  });

  it("takes no name that is a path, and no other shape", () => {
    const matrix = [0, 1, 2].map(() => [0, 0, 0, 0]);
    for (const name of ["../up", "a/b", "", "a..b", "A"])
      expect(ownChangeSchema.safeParse({ name, matrix }).success).toBe(false);
    expect(ownChangeSchema.safeParse({ name: "a", matrix: [[1, 2, 3, 4]] }).success).toBe(false);
    expect(ownChangeSchema.safeParse({ name: "a", matrix, code: "x => x" }).success).toBe(false);
  });
});
