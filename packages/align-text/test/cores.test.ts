import {
  classify,
  cropped,
  ensembled,
  fitConfidence,
  heuristic,
  modalityGap,
  nameDirections,
  promptsOf,
  recall,
  search,
  softmaxAt,
  templateLists,
  withoutEachWord,
} from "@optogram/align-text";
import { nearestNeighbours, seededRandom } from "@optogram/statistics";
import { describe, expect, it } from "vitest";

/** Rows of unit length, of a normal distribution. */
function unitRows(n: number, d: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const rows = Float32Array.from({ length: n * d }, () => random.normal());
  for (let i = 0; i < n; i++) {
    const length = Math.hypot(...rows.subarray(i * d, (i + 1) * d));
    for (let k = 0; k < d; k++) rows[i * d + k] /= length;
  }
  return rows;
}

const dot = (a: Float32Array, i: number, b: Float32Array, j: number, d: number) =>
  Array.from({ length: d }, (_, k) => a[i * d + k] * b[j * d + k]).reduce((sum, value) => sum + value, 0);

describe("prompts", () => {
  it("put names into templates, with the right article", () => {
    expect(promptsOf(["cat", "apple"], ["a {}", "a photo of the {}."])).toEqual([
      "a cat",
      "a photo of the cat.",
      "an apple",
      "a photo of the apple.",
    ]);
    expect(promptsOf(["$& corn"], ["a {}"])).toEqual(["a $& corn"]);
    expect(templateLists.clip).toHaveLength(80);
    for (const list of Object.values(templateLists))
      expect(promptsOf(["x"], list).every((text) => text.includes("x"))).toBe(true);
    expect(() => promptsOf(["cat"], ["a cat"])).toThrow('the template "a cat" does not have {} once');
  });

  it("become one direction a class: the mean of unit vectors, at unit length", () => {
    const rows = Float32Array.from([1, 0, 0, 1, 0, 1, 0, 1]);
    const [a, b, c, d] = ensembled(rows, 2, 2);
    expect([a, b]).toEqual([expect.closeTo(Math.SQRT1_2, 6), expect.closeTo(Math.SQRT1_2, 6)]);
    expect([c, d]).toEqual([0, 1]);
    expect(() => ensembled(Float32Array.from([1, 0, -1, 0]), 2, 2)).toThrow("cancel out");
  });
});

describe("search", () => {
  const [n, d, q, k] = [500, 16, 7, 9];
  const rows = unitRows(n, d, 1);
  const queries = unitRows(q, d, 2);

  it.each([500, 64, 9, 499])("finds what a plain search finds, in blocks of %i", async (block) => {
    const found = await search(rows, n, queries, d, { k, block });
    const plain = nearestNeighbours(rows, d, k, "cosine", queries);
    expect(found.indices).toEqual(plain.indices);
    found.cosines.forEach((cosine, i) => {
      expect(cosine).toBeCloseTo(plain.scores[i], 5);
    });
  });

  it("reads rows a block at a time from a function", async () => {
    const read: number[][] = [];
    const found = await search(
      async (first, end) => {
        read.push([first, end]);
        return rows.slice(first * d, end * d);
      },
      n,
      queries,
      d,
      { k, block: 200 },
    );
    expect(read).toEqual([
      [0, 200],
      [200, 400],
      [400, 500],
    ]);
    expect(found.indices).toEqual((await search(rows, n, queries, d, { k })).indices);
  });

  it.each([1, 100])("knows the softmax over all rows, at temperature %i", async (temperature) => {
    const { cosines, logSums } = await search(rows, n, queries, d, { k: 1, block: 64, temperature });
    for (let i = 0; i < q; i++) {
      const all = Array.from({ length: n }, (_, j) => temperature * dot(queries, i, rows, j, d));
      const highest = Math.max(...all);
      const sum = all.reduce((total, value) => total + Math.exp(value - highest), 0);
      expect(softmaxAt(cosines[i], logSums[i], temperature)).toBeCloseTo(1 / sum, 4);
    }
  });

  it("asks for no more than there is", async () => {
    await expect(search(rows, n, queries, d, { k: 501 })).rejects.toThrow("the 501 nearest of 500 rows");
  });
});

describe("classify", () => {
  it("counts what is right, and does not count images without a label", async () => {
    // Class i is axis i.
    const axis = (i: number, tilt: number) =>
      Array.from({ length: 6 }, (_, k) =>
        k === i ? Math.sqrt(1 - tilt ** 2) : k === (i + 1) % 6 ? tilt : 0,
      );
    const classes = Float32Array.from([0, 1, 2, 3, 4, 5].flatMap((i) => axis(i, 0)));
    const images = Float32Array.from([axis(0, 0.1), axis(1, 0.2), axis(2, 0.9), axis(3, 0.1)].flat());
    const { nearest, top1, top5, running, confusion } = await classify(images, classes, 6, [0, 1, 2, -1]);
    expect(nearest.k).toBe(5);
    expect([top1.value, top1.n, top5.value]).toEqual([2 / 3, 3, 1]);
    expect([...running]).toEqual([1, 1, expect.closeTo(2 / 3, 6), expect.closeTo(2 / 3, 6)]);
    expect(Array.from(confusion.keys()).filter((at) => confusion[at] > 0)).toEqual([0, 7, 2 * 6 + 3]);
  });
});

describe("recall", () => {
  it("is full for equal embeddings, even where captions repeat, and at chance for others", async () => {
    const rows = unitRows(200, 32, 3);
    const captions = Array.from({ length: 200 }, (_, i) => `caption ${i}`);
    const own = await recall(rows, rows, captions, 32);
    expect(own.images.map(({ value }) => value)).toEqual([1, 1, 1]);
    const other = await recall(rows, unitRows(200, 32, 4), captions, 32);
    expect(other.texts[2].value).toBeLessThan(0.15);
    const same = await recall(
      rows,
      unitRows(200, 32, 4),
      captions.map(() => "a cat"),
      32,
    );
    expect(same.texts[0].value).toBe(1);
  });
});

describe("fitConfidence", () => {
  const d = 24;
  const texts = unitRows(12, d, 5);
  const random = seededRandom(6);
  const of = Array.from({ length: 600 }, () => random.integer(12));
  const noise = unitRows(600, d, 7);
  const images = Float32Array.from({ length: 600 * d }, (_, at) => {
    const [i, k] = [Math.floor(at / d), at % d];
    return 0.4 * texts[of[i] * d + k] + Math.sqrt(1 - 0.4 ** 2) * noise[at];
  });
  const matches = (image: number, text: number) => of[image] === text;

  it("is better on images that it was not fitted on than the heuristic", () => {
    const fit = fitConfidence({ images, texts, d, matches }, 1);
    expect(fit?.confidence).toMatchObject({ fitted: true, separable: false });
    expect(fit?.confidence.slope).toBeCloseTo((fit?.confidence.temperature ?? 0) / 4, 12);
    expect(fit?.after.ece).toBeLessThan(0.03);
    expect(fit?.before.ece).toBeGreaterThan(0.1);
    expect(fit?.after.brier).toBeLessThan(fit?.before.brier ?? 0);
    expect(fit?.pairs).toMatchObject({ fitted: 3600, heldOut: 3600, matching: expect.closeTo(1 / 12, 6) });
    expect((fit?.matching.mean ?? 0) - (fit?.others.mean ?? 0)).toBeGreaterThan(0.2);
  });

  it("is not made up where there is nothing to fit on", () => {
    expect(fitConfidence({ images, texts, d, matches: () => undefined }, 1)).toBeUndefined();
    expect(fitConfidence({ images, texts, d, matches: () => true }, 1)).toBeUndefined();
    const opposite = fitConfidence({ images, texts, d, matches: (i, j) => !matches(i, j) }, 1);
    expect(opposite).toBeUndefined();
    expect(heuristic("0.10 and 20")).toEqual({ threshold: 0.1, temperature: 20, fitted: false, slope: 5 });
  });
});

describe("modalityGap", () => {
  it("tells cosines within from those across, whether pairs are all counted or drawn", () => {
    const d = 16;
    const shifted = (n: number, seed: number, axis: number) => {
      const rows = unitRows(n, d, seed);
      for (let i = 0; i < n; i++) {
        const row = rows.subarray(i * d, (i + 1) * d);
        row[axis] += 2;
        const length = Math.hypot(...row);
        for (let k = 0; k < d; k++) row[k] /= length;
      }
      return rows;
    };
    const [few, many] = [60, 700].map((n) => modalityGap(shifted(n, 1, 0), shifted(n, 2, 1), d, 1));
    expect([few.images.n, few.across.n, many.images.n]).toEqual([(60 * 59) / 2, 3600, 100_000]);
    for (const { images, texts, across, distance } of [few, many]) {
      expect(images.mean).toBeGreaterThan(0.6);
      expect(texts.mean).toBeGreaterThan(0.6);
      expect(Math.abs(across.mean)).toBeLessThan(0.2);
      expect(distance).toBeGreaterThan(1);
      expect(images.counts.reduce((sum, value) => sum + value, 0)).toBe(images.n);
    }
    expect(many.images.mean).toBeCloseTo(few.images.mean, 1);
  });
});

describe("nameDirections", () => {
  it("finds the text that a direction stands out for, though another is near to everything", () => {
    const d = 8;
    const unit = (row: number[]) => row.map((value) => value / Math.hypot(...row));
    const axis = (k: number, common: number) =>
      unit(Array.from({ length: d }, (_, c) => (c === k ? 1 : 0) + (c === 7 ? common : 0)));
    // Directions share much of axis 7, which is the first text.
    const directions = Float32Array.from([0, 1, 2].flatMap((k) => axis(k, 2)));
    const texts = Float32Array.from([axis(7, 1), axis(0, 0), axis(1, 0), axis(2, 0), axis(3, 0)].flat());
    const { k, indices, cosines, scores } = nameDirections(directions, texts, d);
    expect(k).toBe(3);
    expect([indices[0], indices[3], indices[6]]).toEqual([1, 2, 3]);
    expect(cosines[0]).toBeCloseTo(1 / Math.sqrt(5), 5);
    expect(scores[0]).toBeGreaterThan(1);
    expect(scores[0]).toBeGreaterThan(scores[1]);
  });
});

describe("parts", () => {
  const picture = { width: 4, height: 2, data: Uint8Array.from({ length: 24 }, (_, i) => i) };

  it("of images are cut at pixels", () => {
    expect(cropped(picture, [0.5, 0, 0.5, 0.5])).toEqual({
      width: 2,
      height: 1,
      data: Uint8Array.from([6, 7, 8, 9, 10, 11]),
    });
    expect(cropped(picture, [0, 0, 1, 1])).toEqual(picture);
    expect(cropped(picture, [0.9, 0.9, 0.01, 0.01])).toMatchObject({ width: 1, height: 1 });
    for (const crop of [
      [0.6, 0, 0.5, 1],
      [0, 0, 0, 1],
    ] as const)
      expect(() => cropped(picture, crop)).toThrow("does not lie within the image");
  });

  it("of texts leave out a word each", () => {
    expect(withoutEachWord(" two  red fish ")).toEqual([
      { word: "two", position: 0, text: "red fish" },
      { word: "red", position: 1, text: "two fish" },
      { word: "fish", position: 2, text: "two red" },
    ]);
    expect(withoutEachWord("fish")).toEqual([]);
  });
});
