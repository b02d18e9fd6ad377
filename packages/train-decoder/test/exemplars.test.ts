import { cosine, type Dictionary } from "@optogram/dictionary";
import { seededRandom } from "@optogram/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseExemplars } from "../src/exemplars.ts";

const width = 4;
const latents = 6;

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
  it("are different rows, as many as wanted or as there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }), (n, count) => {
        const chosen = chooseExemplars(study(n, n), count);
        expect(new Set(chosen).size).toBe(Math.min(n, count));
        expect(chosen.every((row) => row >= 0 && row < n)).toBe(true);
      }),
    );
  });

  it("hold for each living feature, the strongest first, the row nearest to its direction", () => {
    const given = study(50, 1);
    const { values } = given.embeddings;
    const nearest = given.living.map((feature) => {
      const direction = given.dictionary.decoderWeight.subarray(feature * width, (feature + 1) * width);
      const cosines = Array.from({ length: 50 }, (_, i) =>
        cosine(values.subarray(i * width, (i + 1) * width), direction),
      );
      return cosines.indexOf(Math.max(...cosines));
    });
    expect(chooseExemplars(given, 20)).toEqual(expect.arrayContaining(nearest));
    expect(chooseExemplars(given, 1)).toEqual(nearest.slice(0, 1));
  });
});
