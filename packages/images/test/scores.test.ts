import { readFileSync } from "node:fs";
import { ciede2000, type Lab, labOf, meanDeltaE, psnr, ssim } from "@optogram/images";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly a: number[][][];
  readonly b: number[][][];
  readonly psnr: number;
  readonly "ssim_gaussian_1.5_win11_pop": number;
  readonly deltaE2000_mean: number;
}

const goldens: Golden[] = JSON.parse(
  readFileSync(new URL("../fixtures/image_scores.json", import.meta.url), "utf8"),
);

/** Rows of pixels of 0..255 as planes in 0..1. */
function planes(rows: number[][][]): Float32Array {
  const pixels = rows.flat();
  return Float32Array.from([0, 1, 2].flatMap((channel) => pixels.map((pixel) => pixel[channel] / 255)));
}

const picture = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 3 * 12 * 13, maxLength: 3 * 12 * 13 })
  .map((values) => Float32Array.from(values, (value) => value / 255));

describe("scores of pictures", () => {
  it("agree with scikit-image", () => {
    for (const golden of goldens) {
      const [a, b] = [planes(golden.a), planes(golden.b)];
      expect(psnr(a, b)).toBeCloseTo(golden.psnr, 5);
      expect(ssim(a, b, golden.a[0].length)).toBeCloseTo(golden["ssim_gaussian_1.5_win11_pop"], 6);
      expect(meanDeltaE(a, b)).toBeCloseTo(golden.deltaE2000_mean, 4);
    }
  });

  it("are best of a picture with itself, and the same from both sides", () => {
    fc.assert(
      fc.property(picture, picture, (a, b) => {
        expect(psnr(a, a)).toBe(Number.POSITIVE_INFINITY);
        expect(ssim(a, a, 12)).toBeCloseTo(1, 9);
        expect(meanDeltaE(a, a)).toBe(0);
        expect(psnr(a, b)).toBe(psnr(b, a));
        expect(ssim(a, b, 12)).toBeCloseTo(ssim(b, a, 12), 9);
        expect(ssim(a, b, 12)).toBeLessThan(1);
        expect(meanDeltaE(a, b)).toBeCloseTo(meanDeltaE(b, a), 9);
      }),
      { numRuns: 20 },
    );
  });

  it("take what lies outside the range as a screen shows it", () => {
    const inside = Float32Array.from({ length: 3 * 144 }, (_, i) => (i % 5) / 4);
    const outside = inside.map((value) => (value === 1 ? 1.7 : value === 0 ? -0.4 : value));
    const other = inside.map((value) => 1 - value);
    expect(psnr(outside, other)).toBe(psnr(inside, other));
    expect(ssim(outside, other, 12)).toBe(ssim(inside, other, 12));
    expect(meanDeltaE(outside, other)).toBe(meanDeltaE(inside, other));
  });

  it("refuse pictures that do not fit", () => {
    const [small, other] = [new Float32Array(3 * 100), new Float32Array(3 * 121)];
    expect(() => psnr(small, other)).toThrow("300 and 363");
    expect(() => ssim(small, small, 10)).toThrow("less than a window");
    expect(() => ssim(other, other, 10)).toThrow("10 wide");
    expect(() => meanDeltaE(small, other)).toThrow("300 and 363");
  });
});

describe("ciede2000", () => {
  // The pairs of Sharma, Wu and Dalal (2005) where hues straddle 0°, colours are grey, or the blue term turns.
  const pairs: [Lab, Lab, number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 3.1571, -77.2803], [50, 0, -82.7485], 2.8615],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [61, -5, 29], 22.8977],
    [[50, 2.5, 0], [56, -27, -3], 31.903],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ];

  it.each(pairs)("of %j and %j is %f", (a, b, expected) => {
    expect(ciede2000(a, b)).toBeCloseTo(expected, 4);
    expect(ciede2000(b, a)).toBeCloseTo(expected, 4);
  });
});

describe("labOf", () => {
  it("puts white and black where they belong", () => {
    expect(labOf(1, 1, 1)[0]).toBeCloseTo(100, 3);
    expect(Math.hypot(labOf(1, 1, 1)[1], labOf(1, 1, 1)[2])).toBeLessThan(0.02);
    expect(labOf(0, 0, 0)).toEqual([0, 0, 0]);
  });
});
