import type { DrawnPicture, EncoderData, Feature } from "./encoder.ts";

export type DrawnFeature = Feature & { readonly picture: DrawnPicture };

const methods: Readonly<Record<string, { readonly name: string; readonly sentence: string }>> = {
  ascent: {
    name: "searched for",
    sentence:
      "Optimised through the encoder, until it says that the picture points in this feature's direction.",
  },
  decoder: {
    name: "painted",
    sentence: "Painted by a decoder that learned to turn directions into pictures.",
  },
};

/** How a picture came about: in a word or two, and in a sentence. */
export function howMade(method: string): { readonly name: string; readonly sentence: string } {
  return methods[method] ?? { name: method, sentence: `Made by ${method}.` };
}

export function isDrawn(feature: Feature | undefined): feature is DrawnFeature {
  return Boolean(feature?.picture);
}

/** The features that have a drawn picture, strongest first. */
export function drawnFeatures({ living }: EncoderData): readonly DrawnFeature[] {
  return living.filter(isDrawn).sort((a, b) => b.strength - a.strength || a.feature - b.feature);
}

/**
 * A choice by rule: each region of the map gives its best picture, then its second, and so on until there are `most`.
 * Better is what was searched for, then what makes its own feature the strongest, then the larger cosine.
 */
export function curated(drawn: readonly DrawnFeature[], most: number): readonly DrawnFeature[] {
  const given = new Map<number | null, number>();
  return [...drawn]
    .sort(byWorth)
    .map((feature) => {
      const round = given.get(feature.region) ?? 0;
      given.set(feature.region, round + 1);
      return { feature, round };
    })
    .sort((a, b) => a.round - b.round)
    .slice(0, most)
    .map(({ feature }) => feature);
}

function byWorth({ feature: a, picture: p }: DrawnFeature, { feature: b, picture: q }: DrawnFeature): number {
  return (
    Number(q.method === "ascent") - Number(p.method === "ascent") ||
    Number(q.rank === 1) - Number(p.rank === 1) ||
    q.cosine - p.cosine ||
    a - b
  );
}
