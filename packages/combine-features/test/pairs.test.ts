import { type Candidate, choosePairs } from "@optogram/combine-features";
import { describe, expect, it } from "vitest";

const candidates: readonly Candidate[] = ["boat", "moon", "moon", "chair", "fish", "green"].map(
  (kind, feature) => ({ feature, kind, strength: 10 - feature, density: kind === "green" ? 0.4 : 0.05 }),
);

describe("choosePairs", () => {
  it("takes in turn what fires together most and the strongest that do not, each feature once", () => {
    const meetings = [
      { a: 0, b: 4, score: 0.2 },
      { a: 3, b: 0, score: 0.6 },
    ];
    expect(choosePairs(candidates, meetings, 4)).toEqual([
      { a: 0, b: 3, why: "often" },
      { a: 1, b: 4, why: "seldom" },
    ]);
  });

  it("pairs no two features of one kind, and no dense one", () => {
    const chosen = choosePairs(
      candidates,
      [
        { a: 1, b: 2, score: 0.9 },
        { a: 0, b: 5, score: 0.9 },
      ],
      9,
    );
    expect(chosen).toEqual([
      { a: 0, b: 1, why: "seldom" },
      { a: 3, b: 4, why: "seldom" },
    ]);
  });

  it("does not depend on the order of what it is given", () => {
    const meetings = [{ a: 1, b: 3, score: 0.5 }];
    expect(choosePairs(candidates.toReversed(), meetings, 2)).toEqual(choosePairs(candidates, meetings, 2));
  });

  it("finds none where there is one kind alone", () => {
    expect(choosePairs(candidates.slice(1, 3), [], 3)).toEqual([]);
  });
});
