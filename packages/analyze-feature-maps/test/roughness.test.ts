import { Roughness, weightsOf } from "@optogram/analyze-feature-maps";
import { seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const grid = [8, 8] as const;
const patches = 64;
/** The left half is a thing, the right half is none. */
const halves = {
  coverage: Float32Array.from({ length: patches }, (_, patch) => (patch % 8 < 4 ? 1 : 0)),
  kind: Int16Array.from({ length: patches }, (_, patch) => (patch % 8 < 4 ? 2 : -1)),
};

function roughnessOf(maps: readonly Float32Array[], truth: typeof halves | undefined, variance: number) {
  const roughness = new Roughness([variance]);
  for (const [i, map] of maps.entries()) roughness.add(map, grid, truth, weightsOf(1, i));
  return roughness.ratio();
}

const step = Float32Array.from(halves.coverage, (share) => 2 * share - 1);

describe("roughness", () => {
  it("is nothing where each region has one value, though the regions differ", () => {
    expect(roughnessOf([step], halves, 1)).toMatchObject({ mean: 0, low: 0, high: 0 });
    // Of the 112 pairs of neighbours eight lie across the border, and differ by two.
    expect(roughnessOf([step], undefined, 1)?.mean).toBeCloseTo((8 * 4) / (2 * 112), 6);
  });

  it("is one where every patch is drawn by itself, and its interval says how sure that is", () => {
    const random = seededRandom(3);
    const noise = Array.from({ length: 60 }, () =>
      Float32Array.from({ length: patches }, () => random.normal(0, 3)),
    );
    const found = roughnessOf(noise, halves, 9);
    expect(found?.mean).toBeCloseTo(1, 1);
    expect(found?.low).toBeLessThan(1);
    expect(found?.high).toBeGreaterThan(1);
  });

  it("tells kinds apart, and leaves out patches that are partly covered", () => {
    const kinds = { ...halves, kind: Int16Array.from({ length: patches }, (_, patch) => patch % 8) };
    const columns = Float32Array.from({ length: patches }, (_, patch) => patch % 8);
    const inBackground = roughnessOf([columns], kinds, 1);
    // Rows of one kind differ by nothing; the four columns of background by one a pair, three of seven pairs.
    const background = { across: 8 * 3, down: 7 * 4 };
    expect(inBackground?.mean).toBeCloseTo(
      background.across / 2 / (background.across + background.down + 7 * 4),
      6,
    );
    const partly = { ...halves, coverage: new Float32Array(patches).fill(0.5) };
    expect(roughnessOf([step], partly, 1)).toBeUndefined();
  });
});
