import type { Dictionary } from "@optogram/dictionary";
import type { Judge } from "@optogram/painting";
import { expect, it } from "vitest";
import { type Candidates, judgePictures, viewsJudged } from "./tables.ts";

const size = 2;
const each = 3 * size * size;
const [features, dimension] = [3, 2];

/** Embeds a picture as the means of its red and its green. */
function meansJudge(looked: number[]): Judge {
  return {
    dimension,
    async embed(pictures) {
      const n = pictures.length / each;
      looked.push(n);
      const mean = (from: number) => pictures.subarray(from, from + size * size).reduce((a, b) => a + b, 0);
      return Float32Array.from({ length: n * dimension }, (_, i) =>
        mean(Math.floor(i / dimension) * each + (i % dimension) * size * size),
      );
    },
    close: async () => {},
  };
}

const filled = (...colours: readonly (readonly [number, number])[]) =>
  Float32Array.from(
    colours.flatMap(([red, green]) => [red, green, 0].flatMap((value) => Array(size * size).fill(value))),
  );

const dictionary: Dictionary = {
  ...{ dimensions: dimension, latents: features, active: features },
  encoderWeight: Float32Array.of(1, 0, 1, 0, 1, 1),
  encoderBias: new Float32Array(features),
  decoderWeight: Float32Array.of(1, 0, 0, 1, 1, 1),
  decoderBias: new Float32Array(dimension),
};

it.each([0, 1, 3])(
  "the picture with the larger cosine is taken, and %i searches cost as many views",
  async (n) => {
    const candidates: Candidates = {
      features: [0, 1, 2],
      directions: Float32Array.of(1, 0, 0, 1, 1, 1),
      painted: filled([1, 0.5], [0, 1], [1, 1]),
      refined: filled([1, 0.1], [1, 1], [1, 1]).subarray(0, n * each),
      images: [7, 8, 9],
      photo: async () => filled([1, 0]),
      seeds: [1, 2, 3],
    };
    const looked: number[] = [];
    const pictures = await judgePictures(meansJudge(looked), dictionary, candidates);
    expect(looked.reduce((sum, views) => sum + views, 0)).toBe(viewsJudged(candidates));
    expect(pictures.map(({ method }) => method)).toEqual([
      n > 0 ? "ascent" : "decoder",
      "decoder",
      "decoder",
    ]);
    expect(pictures[0].imageCosine).toBeCloseTo(1);
    expect(pictures[2].imageCosine).toBeCloseTo(Math.SQRT1_2);
  },
);
