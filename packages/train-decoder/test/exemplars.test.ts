import { activations, type Dictionary, directionOf } from "@optogram/dictionary";
import { seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseExemplars } from "../src/exemplars.ts";

const width = 4;
const latents = 6;
const rowOf = (rows: Float32Array, i: number) => rows.slice(i * width, (i + 1) * width);

function study(n: number, seed: number) {
  const random = seededRandom(seed);
  const floats = (length: number) => Float32Array.from({ length }, () => random.normal());
  const dictionary: Dictionary = {
    dimensions: width,
    latents,
    active: 2,
    encoderWeight: floats(width * latents),
    encoderBias: floats(latents),
    decoderWeight: floats(latents * width),
    decoderBias: floats(width),
  };
  return { embeddings: { values: floats(n * width), width }, dictionary, living: [4, 0, 2] };
}

describe("exemplars", () => {
  it("are different images, as many as wanted or as there are, each found by its embedding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }), (n, count) => {
        const given = study(n, n);
        const { rows, keys, of } = chooseExemplars(given, count);
        expect(new Set(rows).size).toBe(Math.min(n, count));
        expect(of.slice(0, rows.length)).toEqual([...rows.keys()]);
        expect(keys.length).toBe(of.length * width);
        for (const [i, row] of rows.entries())
          expect(rowOf(keys, i)).toEqual(rowOf(given.embeddings.values, row));
      }),
    );
  });

  it("hold for each living feature, the strongest first, the image that shows it best, found by its direction", () => {
    const given = study(50, 1);
    const { dictionary, embeddings, living } = given;
    // By the numbers: the best rank, then the largest activation.
    const best = living.flatMap((feature) => {
      const shown = Array.from({ length: 50 }, (_, image) => {
        const row = activations(dictionary, rowOf(embeddings.values, image));
        return { image, activation: row[feature], rank: row.filter((value) => value > row[feature]).length };
      }).filter(({ activation }) => activation > 0);
      return shown
        .sort((a, b) => a.rank - b.rank || b.activation - a.activation)
        .slice(0, 1)
        .map(({ image }) => ({ feature, image }));
    });
    const { rows, keys, of } = chooseExemplars(given, 20);
    const images = best.map(({ image }) => image);
    expect(images.length).toBeGreaterThan(1);
    expect(rows.slice(0, new Set(images).size)).toEqual([...new Set(images)]);
    expect(of.slice(rows.length).map((i) => rows[i])).toEqual(images);
    for (const [i, { feature }] of best.entries())
      expect(rowOf(keys, rows.length + i)).toEqual(directionOf(dictionary, feature));
    expect(chooseExemplars(given, 1).rows).toEqual(images.slice(0, 1));
  });
});
