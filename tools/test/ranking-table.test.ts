/** The comparison of a ranking with the expected one, on tables as evaluate-encoders writes them. */
import {
  comparisonsOf,
  type Entry,
  type Evaluation,
  markdown,
  measuresOf,
  rankingGrid,
  rankingOf,
} from "@optogram/evaluate-encoders";
import { describe, expect, it } from "vitest";
import {
  compareRankings,
  expectedText,
  parseRanking,
  parseTolerances,
  usualTolerance,
} from "../ranking-table.ts";

const images = 40;

function entry(id: string): Entry {
  const encoder = {
    name: id,
    title: id,
    layer: "last",
    block: 6,
    tokens: 64,
    width: 8,
    input: [64, 64] as const,
  };
  return { id, kind: "encoder", encoder, size: [64, 64] };
}

/** Means about which every image's scores lie alike, so that 0.01 apart differ significantly; all measures alike. */
function tableOf(means: Readonly<Record<string, number>>, count = images): string {
  const entries: Entry[] = [
    ...Object.keys(means).map(entry),
    { id: "mean image", kind: "mean-image", size: [64, 64] },
  ];
  const measures = measuresOf([{ name: "judge", title: "A judge", compared: false }]);
  const values = entries.flatMap(({ id }, e) =>
    measures.flatMap(({ better }) => {
      const mean = means[id] ?? 0.2;
      const at = better === "lower" ? 1 - mean : mean;
      return Array.from({ length: count }, (_, i) => at + 0.004 * Math.sin(7 * i + e));
    }),
  );
  const evaluation: Evaluation = {
    ...{ entries, measures, values: Float32Array.from(values) },
    images: Array.from({ length: count }, (_, i) => i),
  };
  return markdown(rankingGrid(rankingOf(evaluation, comparisonsOf(evaluation), 1)));
}

const means = { keen: 0.8, "a_b|c": 0.7, plain: 0.6999, dull: 0.5 };
const expected = parseRanking(tableOf(means));
const within = new Map(expected.scores.map((score) => [score, 0.05]));
const problemsOf = (actual: string) => compareRankings(expected, parseRanking(actual), within).problems;

describe("parseRanking", () => {
  it("reads entries, scores and letters as they were", () => {
    expect(expected.title).toBe("How much of an image each encoder keeps: 40 images");
    expect(expected.scores).toEqual(["cosine under judge ↑", "PSNR, dB ↑", "SSIM ↑", "ΔE 2000 ↓"]);
    expect([...expected.rows.keys()]).toEqual(["keen", "a_b|c", "plain", "dull", "mean image"]);
    const [cosine] = expected.rows.get("a_b|c") ?? [];
    expect(cosine).toEqual({ mean: 0.7, groups: ["b"] });
    expect(expected.rows.get("plain")?.[0].groups).toEqual(["b"]);
    expect(expected.rows.get("mean image")?.[0].groups).toEqual([]);
  });

  it("refuses what is no ranking", () => {
    expect(() => parseRanking("# Nothing\n")).toThrow('no table with columns "encoder"');
    expect(() => parseRanking(tableOf(means).replace("0.800 (", "(("))).toThrow("no score with its interval");
  });
});

describe("compareRankings", () => {
  it("finds nothing where nothing changed, and says how far scores are off where little did", () => {
    expect(problemsOf(tableOf(means))).toEqual([]);
    const { problems, farthest } = compareRankings(
      expected,
      parseRanking(tableOf({ ...means, dull: 0.52 })),
      within,
    );
    expect(problems).toEqual([]);
    expect(farthest.get("SSIM ↑")?.entry).toBe("dull");
    expect(farthest.get("SSIM ↑")?.off).toBeCloseTo(0.02, 3);
  });

  it("names a score that is farther off than it may be, by every measure", () => {
    const problems = problemsOf(tableOf({ ...means, dull: 0.56 }));
    expect(problems).toHaveLength(4);
    expect(problems[0]).toMatch(/^cosine under judge ↑: dull has 0\.56\d*, expected 0\.5\d* ± 0\.05$/);
  });

  it("takes a change of places of those that did not differ or lie close, and refuses others", () => {
    expect(problemsOf(tableOf({ ...means, "a_b|c": 0.68 }))).toEqual([]);
    const before = parseRanking(tableOf({ keen: 0.7, plain: 0.68 }));
    const after = parseRanking(tableOf({ keen: 0.67, plain: 0.68 }));
    const all = (tolerance: number) => new Map(expected.scores.map((score) => [score, tolerance]));
    expect(compareRankings(before, after, all(0.05)).problems).toEqual([]);
    const { problems } = compareRankings(before, after, all(0.015));
    // Each score is off, and each has changed places.
    expect(problems).toHaveLength(8);
    expect(problems[7]).toMatch(
      /^ΔE 2000 ↓: keen \(0\.33\d*\) is not better than plain \(0\.32\d*\); expected 0\.3\d* and 0\.32\d*, which differ/,
    );
  });

  it("names what is missing, what is new, and another number of images", () => {
    const { dull: _, ...fewer } = means;
    expect(problemsOf(tableOf({ ...fewer, other: 0.5 }, 30))).toEqual([
      expect.stringContaining("30 images"),
      'the entry "dull" is missing',
      'the entry "other" is not expected',
    ]);
    expect(problemsOf(tableOf(means).replaceAll("SSIM", "other"))).toEqual([
      'the score "SSIM ↑" is missing',
      'the score "other ↑" is not expected',
    ]);
  });
});

describe("the file of what is expected", () => {
  it("holds the ranking and its tolerances", () => {
    const text = expectedText(tableOf(means), new Map(expected.scores.map((s) => [s, usualTolerance(s)])));
    expect(parseRanking(text)).toEqual(expected);
    expect([...parseTolerances(text, expected.scores)]).toEqual([
      ["cosine under judge ↑", 0.03],
      ["PSNR, dB ↑", 0.5],
      ["SSIM ↑", 0.03],
      ["ΔE 2000 ↓", 1],
    ]);
  });

  it("is refused where a score has no tolerance", () => {
    expect(() => parseTolerances(tableOf(means), expected.scores)).toThrow(
      'no tolerance for "cosine under judge ↑"',
    );
  });
});
