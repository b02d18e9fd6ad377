import { readFileSync } from "node:fs";
import {
  comparisonsOf,
  familyRows,
  groupsOf,
  highestPsnr,
  rankingOf,
  scoresBeside,
  shuffledRows,
  significance,
} from "@optogram/evaluate-encoders";
import { holm, seededRandom, wilcoxon } from "@optogram/statistics";
import { describe, expect, it } from "vitest";
import { encoder, evaluationOf, noisy } from "./made.ts";

const images = 60;

describe("comparisonsOf", () => {
  const evaluation = evaluationOf(
    [
      encoder("a", 64),
      encoder("b", 64),
      encoder("c", 64),
      { id: "mean image", kind: "mean-image", size: [8, 8] },
    ],
    {
      a: noisy(images, 0.8, 1),
      b: noisy(images, 0.79, 2),
      c: noisy(images, 0.5, 3),
      "mean image": noisy(images, 0.1, 4),
    },
  );
  const comparisons = comparisonsOf(evaluation);

  it("tests every pair of encoders and no control, by every measure", () => {
    expect(comparisons).toHaveLength(4 * 3);
    expect(new Set(comparisons.flatMap(({ a, b }) => [a, b]))).toEqual(new Set([0, 1, 2]));
  });

  it("adjusts by Holm over the pairs of a measure", () => {
    const cosines = comparisons.slice(0, 3);
    const [a, b, c] = [0, 1, 2].map((e) =>
      evaluation.values.subarray(e * 4 * images, e * 4 * images + images),
    );
    const p = [wilcoxon(a, b), wilcoxon(a, c), wilcoxon(b, c)].map((test) => test.p);
    expect(cosines.map((one) => one.p)).toEqual(p);
    expect(cosines.map(({ adjusted }) => adjusted)).toEqual(holm(p));
    expect(cosines[0].adjusted).toBeGreaterThan(significance);
    expect(cosines[1].adjusted).toBeLessThan(1e-6);
  });

  it("gives an effect that is positive where a is better, also where less is better", () => {
    // Every measure here has the same values: larger ones are worse by ΔE.
    const effects = comparisons.filter(({ a, b }) => a === 0 && b === 2);
    expect(effects.map(({ effect }) => effect > 0.9)).toEqual([true, true, true, false]);
    expect(effects[3].effect).toBeCloseTo(-effects[2].effect, 12);
    expect(effects[3].difference).toBeCloseTo(effects[2].difference, 12);
  });
});

describe("rankingOf", () => {
  const evaluation = evaluationOf(
    [
      encoder("low", 16),
      encoder("high", 16),
      encoder("near", 16),
      { ...encoder("nothing", 16), kind: "random-weights" },
      { id: "mean image", kind: "mean-image", size: [8, 8] },
    ],
    {
      low: noisy(images, 0.3, 1),
      high: noisy(images, 0.8, 2),
      near: noisy(images, 0.78, 3),
      nothing: noisy(images, 0.1, 4),
      "mean image": noisy(images, 0.9, 5),
    },
  );
  const rows = rankingOf(evaluation, comparisonsOf(evaluation), 1);
  const by = (key: string) => rows.filter(({ measure }) => measure.key === key);

  it("has the best first, controls last and without a rank, and letters for what does not differ", () => {
    const cosines = by("cosine-judge");
    expect(cosines.map(({ entry, rank, groups }) => [entry.id, rank, groups])).toEqual([
      ["high", 1, "a"],
      ["near", 2, "a"],
      ["low", 3, "b"],
      ["nothing", 4, "c"],
      ["mean image", undefined, undefined],
    ]);
    expect(by("delta-e").map(({ entry }) => entry.id)).toEqual([
      "nothing",
      "low",
      "near",
      "high",
      "mean image",
    ]);
  });

  it("has means within their intervals, narrower than the images' spread", () => {
    for (const { n, mean, low, high } of rows) {
      expect(n).toBe(images);
      expect(low).toBeLessThan(mean);
      expect(mean).toBeLessThan(high);
      expect(high - low).toBeLessThan(0.05);
    }
  });

  it("marks a judge that judges itself", () => {
    const own = evaluationOf(
      [encoder("judge", 4), encoder("b", 4)],
      {
        judge: noisy(images, 0.5, 1),
        b: noisy(images, 0.4, 2),
      },
      true,
    );
    const judged = rankingOf(own, comparisonsOf(own), 1).filter((row) => row.measure.judge);
    expect(judged.map(({ entry, own: isOwn }) => [entry.id, isOwn])).toEqual([
      ["judge", true],
      ["b", false],
    ]);
  });
});

describe("groupsOf", () => {
  it("gives two things a common letter if, and only if, they do not differ", () => {
    const random = seededRandom(3);
    for (let trial = 0; trial < 40; trial++) {
      const count = 1 + random.integer(9);
      const apart = Array.from({ length: count }, () =>
        Array.from({ length: count }, () => random.uniform() < 0.5),
      );
      const differ = (i: number, j: number) => apart[Math.min(i, j)][Math.max(i, j)];
      const letters = groupsOf(count, differ);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < i; j++)
          expect([...letters[i]].some((letter) => letters[j].includes(letter))).toBe(!differ(i, j));
    }
  });

  it("begins with the best", () => {
    expect(groupsOf(4, (i, j) => Math.abs(i - j) > 1)).toEqual(["a", "ab", "bc", "c"]);
    expect(groupsOf(3, () => true)).toEqual(["a", "b", "c"]);
    expect(groupsOf(30, () => true).at(-1)).toBe("ad");
  });
});

describe("familyRows", () => {
  const golden: { a: number[]; b: number[]; t: number; p: number }[] = JSON.parse(
    readFileSync(new URL("../../statistics/fixtures/student.json", import.meta.url), "utf8"),
  ).pairs;
  const [, { a, b, t, p }] = golden;

  it("holds pairs against one another by both tests, each adjusted over the table", () => {
    const evaluation = evaluationOf([encoder("one", 16), encoder("two", 16), encoder("three", 16)], {
      one: Float32Array.from(a),
      two: Float32Array.from(b),
      three: Float32Array.from(b, (value) => value + 2),
    });
    const rows = familyRows(
      evaluation,
      [
        { a: "one", b: "two" },
        { a: "three", b: "two" },
      ],
      1,
    );
    expect(rows.map((row) => [row.a.id, row.b.id, row.judge.name])).toEqual([
      ["one", "two", "judge"],
      ["three", "two", "judge"],
    ]);
    expect(rows[0].student.statistic).toBeCloseTo(t, 4);
    expect(rows[0].student.p).toBeCloseTo(p, 5);
    expect(rows[0].wilcoxon.p).toBe(wilcoxon(Float32Array.from(a), Float32Array.from(b)).p);
    for (const test of ["wilcoxon", "student"] as const)
      expect(rows.map((row) => row[test].adjusted)).toEqual(holm(rows.map((row) => row[test].p)));
    expect(rows[1].effect).toBe(1);
    expect(rows[0].difference).toBeCloseTo(rows[0].meanA - rows[0].meanB, 5);
  });

  it("names what there is where a pair names something else", () => {
    const evaluation = evaluationOf([encoder("one", 16)], { one: noisy(9, 0, 1) });
    expect(() => familyRows(evaluation, [{ a: "one", b: "won" }], 1)).toThrow(
      '"pairs" names won, which nothing was painted by: there are one',
    );
  });
});

describe("scoresBeside", () => {
  const side = 16;
  const picture = (seed: number) => {
    const random = seededRandom(seed);
    return {
      width: side,
      height: side,
      data: Uint8Array.from({ length: 3 * side * side }, () => random.integer(256)),
    };
  };
  // An embedding of the first two bytes.
  const judges = [
    {
      embed: async (pictures: readonly { data: Uint8Array }[]) =>
        pictures.map(({ data: [x, y] }) => Float32Array.of(x / Math.hypot(x, y), y / Math.hypot(x, y))),
    },
  ];

  it("is the best there is for the original itself, with PSNR cut where 8 bits end", async () => {
    const original = picture(1);
    const [embeddings] = await Promise.all(judges.map((judge) => judge.embed([original])));
    const [[cosine, psnr, ssim, deltaE]] = await scoresBeside(
      { judges, grey: false },
      [{ picture: original, embeddings }],
      [original],
    );
    expect(cosine).toBeCloseTo(1, 6);
    expect(psnr).toBe(highestPsnr);
    expect(highestPsnr).toBeCloseTo(58.92, 2);
    expect(ssim).toBeCloseTo(1, 12);
    expect(deltaE).toBe(0);
  });

  it("does not see colours where pictures are compared in grey", async () => {
    const grey = { width: side, height: side, data: new Uint8Array(3 * side * side).fill(54) };
    // Luma of this green, 54.
    const green = { ...grey, data: Uint8Array.from(grey.data, (_, i) => (i % 3 === 1 ? 92 : 0)) };
    const [embeddings] = await Promise.all(judges.map((judge) => judge.embed([grey])));
    const original = [{ picture: grey, embeddings }];
    const [seen] = await scoresBeside({ judges, grey: false }, original, [green]);
    const [unseen] = await scoresBeside({ judges, grey: true }, original, [green]);
    expect(seen[3]).toBeGreaterThan(20);
    expect(unseen.slice(1)).toEqual([highestPsnr, expect.closeTo(1, 9), 0]);
  });
});

describe("shuffledRows", () => {
  const rows = Float32Array.from({ length: 64 * 3 }, (_, i) => i);

  it("keeps rows whole, and is another order for each image and seed", () => {
    const shuffled = shuffledRows(rows, 3, 1, 5);
    const heads = Array.from({ length: 64 }, (_, i) => shuffled[3 * i]);
    expect(heads.map((head, i) => [shuffled[3 * i + 1] - head, shuffled[3 * i + 2] - head])).toEqual(
      heads.map(() => [1, 2]),
    );
    expect([...heads].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, i) => 3 * i));
    expect(shuffledRows(rows, 3, 1, 5)).toEqual(shuffled);
    expect(shuffledRows(rows, 3, 1, 6)).not.toEqual(shuffled);
    expect(shuffledRows(rows, 3, 2, 5)).not.toEqual(shuffled);
  });
});
