import { describe, expect, it } from "vitest";
import { assembleCombinations, refinedAt } from "./combinations.ts";

const row = (part: string, more = {}) => ({
  pair: 0,
  part,
  picture: `combinations/${part}.png`,
  cosine: 0.7,
  rank_a: 1,
  rank_b: 2,
  crops_a: [0, 1],
  crops_b: [1, 0],
  overlap: Number.NaN,
  verdict: "fused",
  middle: false,
  ...more,
});
const pairs = [
  { pair: 0, a: 4, b: 7, kind_a: "boat", kind_b: null, why: "often", together: 0.2, cosine: 0.1 },
];
const pictures = [
  row("a"),
  row("b"),
  row("over"),
  row("beside", { middle: true }),
  row("a beyond b"),
  row("b beyond a"),
];

describe("assembleCombinations", () => {
  it("joins a pair's pictures by part, and tells its middle from the other", () => {
    const [pair] = assembleCombinations("tiny", pairs, pictures);
    expect(pair).toMatchObject({ a: 4, b: 7, nameA: "boat", nameB: "7" });
    expect(pair?.middle.url).toBe("tiny/combinations/beside.png");
    expect(pair?.other?.url).toBe("tiny/combinations/over.png");
    expect(pair?.ofB.overlap).toBeNull();
  });

  it("leaves out a pair that lacks its middle", () => {
    expect(assembleCombinations("tiny", pairs, pictures.slice(0, 3))).toEqual([]);
  });
});

describe("refinedAt", () => {
  const [pair] = assembleCombinations("tiny", pairs, pictures);
  const at = (a: number, t: number, apart = false) => refinedAt(pair!, a, t, apart)?.url.split("/").at(-1);

  it("knows the ends and the middle from either side, and nothing between", () => {
    expect([0, 0.25, 0.5, 1].map((t) => at(4, t))).toEqual(["a.png", undefined, "beside.png", "b.png"]);
    expect([0, 0.25, 0.5, 1].map((t) => at(7, t))).toEqual(["b.png", undefined, "beside.png", "a.png"]);
  });

  it("has of each only what the other has not where they are apart", () => {
    expect([0, 0.5, 1].map((t) => at(4, t, true))).toEqual(["a beyond b.png", undefined, "b beyond a.png"]);
    expect(at(7, 0, true)).toBe("b beyond a.png");
  });
});
