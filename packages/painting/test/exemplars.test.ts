import { exemplarDecoder, openDecoder } from "@optogram/painting";
import { seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

const size = 4;
const dimension = 6;
const count = 5;
const pixels = 3 * size * size;
const random = seededRandom(3);
const keys = Float32Array.from({ length: (count + 1) * dimension }, () => random.normal());
/** Two keys stand for image 2. */
const of = [0, 1, 2, 3, 4, 2];
const images = Uint8Array.from({ length: count * pixels }, () => random.integer(256));
const model = exemplarDecoder({ dimension, keys, of, size, images });

const rowOf = (rows: Float32Array, i: number) => rows.subarray(i * dimension, (i + 1) * dimension);

/** Σ softmax(60 · cosine) image / 255 over the keys, in double precision. */
function expected(direction: Float32Array): number[] {
  const norm = (v: Float32Array) => Math.hypot(...v);
  const weights = of.map((_, i) => {
    const key = rowOf(keys, i);
    return Math.exp((60 * direction.reduce((s, x, k) => s + x * key[k], 0)) / norm(direction) / norm(key));
  });
  const sum = weights.reduce((a, b) => a + b);
  return Array.from({ length: pixels }, (_, p) =>
    weights.reduce((s, w, i) => s + ((w / sum) * images[of[i] * pixels + p]) / 255, 0),
  );
}

describe("a decoder of exemplars", () => {
  it("mixes its images by a softmax of cosines, for any number of directions of any length", async () => {
    const decoder = await openDecoder(model, { threads: 1 });
    expect([decoder.dimension, decoder.size]).toEqual([dimension, size]);
    for (const n of [1, 3]) {
      const directions = Float32Array.from({ length: n * dimension }, () => random.normal(0, 7));
      const pictures = await decoder.paint(directions);
      for (let i = 0; i < n; i++)
        expect([...pictures.subarray(i * pixels, (i + 1) * pixels)]).toEqual(
          expected(rowOf(directions, i)).map((value) => expect.closeTo(value, 4)),
        );
    }
    await decoder.close();
  });

  it("shows an exemplar itself where the direction is its key's and the others lie far", async () => {
    const decoder = await openDecoder(
      exemplarDecoder({
        dimension: 2,
        keys: Float32Array.of(1, 0, 0, 1),
        of: [0, 1],
        size,
        images: images.subarray(0, 2 * pixels),
      }),
      { threads: 1 },
    );
    const picture = await decoder.paint(Float32Array.of(0, 0.5));
    expect([...picture].map((value) => Math.round(255 * value))).toEqual([
      ...images.subarray(pixels, 2 * pixels),
    ]);
    await decoder.close();
  });

  it("refuses images that do not go with the keys", () => {
    const given = { dimension, keys, of, size, images };
    expect(() => exemplarDecoder({ ...given, images: images.subarray(1) })).toThrow("do not go with");
    expect(() => exemplarDecoder({ ...given, of: [0, 1, 2, 3, 4, 5] })).toThrow("do not go with");
    expect(() => exemplarDecoder({ ...given, of: [0] })).toThrow("do not go with");
  });
});
