import { pca, project, seededRandom } from "@optogram/statistics";
import { describe, expect, test } from "vitest";
import { formatPlace, layerLike, parsePlace, tokenAt } from "./choices.ts";
import type { LayerMaps } from "./data.ts";
import { coloursOfMasked, greysOfMasked, masksOf, nearestIn, overlapOf, similarities } from "./tokens.ts";

const [images, tokens, rank] = [3, 12, 5];
const random = seededRandom(6);

const maps = {
  ...{ index: 0, rank, layer: { grid: [3, 4], deviation: 2 } },
  images: Array.from({ length: images }, () => ({
    projections: Float32Array.from({ length: tokens * rank }, (_, at) => random.normal(0, 5 - (at % rank))),
    coverage: Float32Array.from({ length: tokens }, (_, token) => (token % 4) / 4),
  })),
} as unknown as LayerMaps;

describe("what the page makes of stored maps", () => {
  test("masks are where the first component is above the threshold in standard deviations", () => {
    const masks = masksOf(maps, 0.5);
    for (const [image, mask] of masks.entries())
      for (const [token, inside] of mask.entries())
        expect(inside).toBe(maps.images[image]!.projections[token * rank]! > 1 ? 1 : 0);
  });

  test("overlaps are of the chosen images whose truth is known", () => {
    const all = masksOf(maps, -1000);
    const truth = (3 * (0 + 0.25 + 0.5 + 0.75)) / tokens;
    expect(overlapOf(maps, all, [0, 2])).toBeCloseTo(truth, 6);
    const unknown = { ...maps, images: maps.images.map((map) => ({ ...map, coverage: undefined })) };
    expect(overlapOf(unknown, all, [0, 1])).toBeUndefined();
  });

  test("colours of subjects are the components of the masked tokens alone", () => {
    const masks = masksOf(maps, 0);
    const colours = coloursOfMasked(maps, masks)!;
    const rows = maps.images.flatMap(({ projections }, image) =>
      [...masks[image]!.entries()].flatMap(([token, inside]) =>
        inside ? [projections.subarray(token * rank, (token + 1) * rank)] : [],
      ),
    );
    const flat = Float32Array.from(rows.flatMap((row) => Array.from(row)));
    const first = project(flat, pca(flat, rank, 1));
    const [low, high] = [Math.min(...first), Math.max(...first)];
    const reds = colours.flatMap((bytes, image) =>
      Array.from(masks[image]!, (inside, token) => (inside ? bytes[3 * token]! : -1)).filter(
        (red) => red >= 0,
      ),
    );
    for (const [i, value] of first.entries())
      expect(Math.abs(reds[i]! - (255 * (value - low)) / (high - low))).toBeLessThanOrEqual(1);
    const outside = masks[0]!.indexOf(0);
    expect(Array.from(colours[0]!.subarray(3 * outside, 3 * outside + 3))).toEqual([0, 0, 0]);
    expect(coloursOfMasked(maps, masksOf(maps, 1000))).toBeUndefined();
  });

  test("one of the subjects' components is the same as among the colours", () => {
    const masks = masksOf(maps, 0);
    const colours = coloursOfMasked(maps, masks)!;
    for (const c of [0, 2]) {
      const greys = greysOfMasked(maps, masks, c)!;
      for (const [image, bytes] of greys.entries())
        for (let token = 0; token < tokens; token++)
          for (let k = 0; k < 3; k++) expect(bytes[3 * token + k]).toBe(colours[image]![3 * token + c]);
    }
    expect(greysOfMasked(maps, masksOf(maps, 1000), 0)).toBeUndefined();
  });

  test("the nearest token is the one of the largest cosine, never the patch itself", () => {
    const patch = { image: 1, token: 7 };
    const cosines = similarities(maps, patch);
    expect(cosines[1]![7]).toBeCloseTo(1, 6);
    const nearest = nearestIn(cosines[1]!, 1, patch);
    expect(nearest).not.toBe(7);
    const others = Array.from(cosines[1]!).filter((_, token) => token !== 7);
    expect(cosines[1]![nearest]).toBe(Math.max(...others));
    expect(cosines[2]![nearestIn(cosines[2]!, 2, patch)]).toBe(Math.max(...cosines[2]!));
  });
});

describe("the address of a view", () => {
  test("places go there and back, and nonsense is none", () => {
    expect(parsePlace(formatPlace({ image: 2, x: 0.25, y: 0.9 }), 3)).toEqual({ image: 2, x: 0.25, y: 0.9 });
    for (const text of [undefined, "", "1", "3,0,0", "1,1.5,0", "a,b,c", "-1,0,0"])
      expect(parsePlace(text, 3)).toBeUndefined();
    expect(tokenAt([3, 4], { x: 0.6, y: 0.99 })).toBe(10);
  });

  test("a layer is the one of that name, else as deep, else the last", () => {
    const about = (...names: string[]) => ({ layers: names.map((name) => ({ name })) }) as never;
    const vit = about("block.0", "block.1", "block.2", "block.3", "last");
    const conv = about("stage.1", "stage.2", "last");
    expect(layerLike(conv, "block.2", vit)).toBe(1);
    expect(layerLike(conv, "last", vit)).toBe(2);
    expect(layerLike(conv, "nowhere", vit)).toBe(2);
    expect(layerLike(vit, undefined, vit)).toBe(4);
  });
});
