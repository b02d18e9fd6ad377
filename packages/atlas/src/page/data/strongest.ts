import type { EncoderData, Feature } from "./encoder.ts";

/** The strongest feature of each region of the map that has a picture, strongest first; each answers to something else. */
export function strongestOfRegions({ living }: EncoderData): readonly Feature[] {
  const regions = new Set<number | null>();
  const words = new Set<string>();
  const apart: Feature[] = [];
  const rest: Feature[] = [];
  for (const feature of [...living].sort((a, b) => rankOf(b) - rankOf(a) || a.feature - b.feature)) {
    if (!feature.cell) continue;
    const known = regions.has(feature.region) || (feature.answers !== null && words.has(feature.answers));
    (known ? rest : apart).push(feature);
    if (known) continue;
    regions.add(feature.region);
    if (feature.answers) words.add(feature.answers);
  }
  return [...apart, ...rest];
}

/** Features that have a name come first: they say what to expect. */
function rankOf({ answers, share, strength }: Feature): number {
  return strength * (answers && (share ?? 0) > 0.8 ? 4 : 1);
}
