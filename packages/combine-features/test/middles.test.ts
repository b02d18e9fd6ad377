import { middles, type PairPicture } from "@optogram/combine-features";
import { describe, expect, it } from "vitest";

const response = { activation: 1, rank: 1, crops: [] };

function picture(
  pair: number,
  part: PairPicture["part"],
  verdict: PairPicture["verdict"],
  cosine: number,
): PairPicture {
  return { pair, part, verdict, cosine, picture: new Float32Array(), a: response, b: response, overlap: 0.5 };
}

const chosen = (...pictures: PairPicture[]) => [...middles(pictures).values()].map(({ part }) => part);

describe("the middle of a pair", () => {
  it("is the picture in which the encoder finds what it was begun as", () => {
    expect(chosen(picture(0, "over", "fused", 0.6), picture(0, "beside", "fused", 0.7))).toEqual(["over"]);
    expect(
      chosen(picture(0, "over", "side by side", 0.7), picture(0, "beside", "side by side", 0.6)),
    ).toEqual(["beside"]);
  });

  it("is the one with the larger cosine where that decides nothing", () => {
    expect(chosen(picture(0, "over", "fused", 0.6), picture(0, "beside", "side by side", 0.7))).toEqual([
      "beside",
    ]);
    expect(chosen(picture(0, "over", "one alone", 0.6), picture(0, "beside", "fused", 0.5))).toEqual([
      "over",
    ]);
  });

  it("is never a picture of one feature, and each pair has its own", () => {
    expect(
      chosen(
        picture(0, "a", "fused", 0.9),
        picture(0, "over", "fused", 0.1),
        picture(1, "beside", "side by side", 0.1),
      ),
    ).toEqual(["over", "beside"]);
  });
});
