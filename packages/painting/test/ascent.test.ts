import { beforeAll, describe, expect, it } from "vitest";
import { type Ascent, openAscent, paintDirections } from "../src/ascent.ts";
import {
  convolutionPainter,
  fourierPainter,
  measureSpectrum,
  phasePainter,
  pixelPainter,
  transformerPainter,
} from "../src/painters/index.ts";
import { directions, pictures, size, tinyEncoder } from "./encoder.ts";

const encoder = tinyEncoder();
const each = 3 * size * size;
const common = { count: 2, views: 2, steps: 30, judged: 4, threads: 1 };

const painters = [
  pixelPainter(),
  fourierPainter(),
  phasePainter(measureSpectrum(pictures(20), size)),
  convolutionPainter({ width: 8 }),
  transformerPainter({ grid: 4, width: 16, depth: 2, heads: 2 }),
];

describe("an ascent", () => {
  it.each(painters.map((painter) => [painter.name, painter] as const))(
    "by %s raises the cosines with directions",
    async (_, painter) => {
      const ascent = await openAscent(encoder, { ...common, painter });
      const before = new Float32Array(2);
      const painted = await ascent.paint({
        directions: directions(2),
        seeds: [1, 2],
        onStep: ({ step, cosines }) => step === 0 && before.set(cosines),
      });
      await ascent.close();
      for (const [i, cosine] of painted.cosines.entries()) expect(cosine).toBeGreaterThan(before[i] + 0.1);
      expect(painted.pictures.length).toBe(2 * each);
      expect(painted.pictures.every((value) => value >= 0 && value <= 1)).toBe(true);
    },
  );
});

describe("an open ascent", () => {
  let ascent: Ascent;

  beforeAll(async () => {
    ascent = await openAscent(encoder, { ...common, steps: 6, painter: fourierPainter() });
    return () => ascent.close();
  });

  it("paints the same picture for the same direction and seed, whatever was painted before and beside it", async () => {
    const [a, b, c] = [1, 2, 3].map((seed) => directions(1, seed));
    const both = await ascent.paint({ directions: Float32Array.of(...a, ...b), seeds: [1, 2] });
    const others = await ascent.paint({ directions: Float32Array.of(...c, ...b), seeds: [3, 2] });
    const alone = await ascent.paint({ directions: b, seeds: [2] });
    const again = await ascent.paint({ directions: Float32Array.of(...a, ...b), seeds: [1, 2] });
    expect(again).toEqual(both);
    expect(alone.pictures.length).toBe(each);
    for (const [picture, cosine] of [
      [others.pictures.subarray(each), others.cosines[1]],
      [alone.pictures, alone.cosines[0]],
    ] as const) {
      expect(cosine).toBeCloseTo(both.cosines[1], 4);
      const apart = picture.map((value, i) => Math.abs(value - both.pictures[each + i]));
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    }
    const reseeded = await ascent.paint({ directions: b, seeds: [7] });
    expect(Math.max(...reseeded.pictures.map((v, i) => Math.abs(v - alone.pictures[i])))).toBeGreaterThan(
      0.01,
    );
  });

  it("keeps the best of several tries", async () => {
    const tries: number[] = [];
    const one = { directions: directions(1), seeds: [4] };
    const single = await ascent.paint(one);
    const best = await ascent.paint({
      ...one,
      restarts: 3,
      onStep: ({ restart, step }) => step === 5 && tries.push(restart),
    });
    expect(tries).toEqual([0, 1, 2]);
    expect(best.cosines[0]).toBeGreaterThanOrEqual(single.cosines[0]);
  });

  it("begins with the picture that it is given", async () => {
    const start = pictures(2, 9);
    let first = new Float32Array(0);
    await ascent.paint({
      directions: directions(2),
      seeds: [1, 2],
      start,
      onStep: (progress) => {
        if (progress.step === 0) first = progress.pictures.slice();
      },
    });
    first.forEach((value, i) => {
      expect(value).toBeCloseTo(start[i], 4);
    });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const painting = ascent.paint({
      directions: directions(1),
      seeds: [1],
      signal: controller.signal,
      onStep: ({ step }) => {
        steps.push(step);
        if (step === 2) controller.abort(new Error("enough"));
      },
    });
    await expect(painting).rejects.toThrow("enough");
    expect(steps).toEqual([0, 1, 2]);
  });

  it("refuses what it cannot paint", async () => {
    const paint = (n: number, more = {}) => ascent.paint({ directions: directions(n), seeds: [1], ...more });
    await expect(paint(3)).rejects.toThrow("24 numbers are not 1 to 2 directions of 8 numbers");
    await expect(paint(2)).rejects.toThrow("2 directions take as many seeds, not 1");
    await expect(paint(1, { start: new Float32Array(5) })).rejects.toThrow("the start is not 1 pictures");
  });
});

describe("paintDirections", () => {
  it("paints any number, a batch at a time", async () => {
    const firsts: number[] = [];
    const options = { ...common, painter: pixelPainter(), steps: 3, seed: 10 };
    const all = await paintDirections(encoder, directions(3), {
      ...options,
      onStep: ({ step }, first) => step === 0 && firsts.push(first),
    });
    expect(firsts).toEqual([0, 2]);
    expect([all.pictures.length, all.cosines.length]).toEqual([3 * each, 3]);
    const last = await paintDirections(encoder, directions(3).slice(16), { ...options, seed: 12 });
    expect(last.cosines[0]).toBeCloseTo(all.cosines[2], 4);
  });
});
