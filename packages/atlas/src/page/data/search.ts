import type { EncoderData, Feature } from "./encoder.ts";

/** Something a search can lead to. */
export type Hit =
  | { readonly type: "feature"; readonly feature: Feature }
  | { readonly type: "word"; readonly word: string; readonly features: readonly Feature[] };

/** Features by number, then words (kinds that features answer to, names of regions) that start with or contain the query. */
export function search(data: EncoderData, query: string, limit = 8): Hit[] {
  const text = query.trim().toLowerCase();
  const number = /^#?(\d+)$/.exec(text)?.[1];
  if (number !== undefined) return byNumber(data, number, limit);
  const words = wordsOf(data);
  const starting = words.filter(({ word }) => word.toLowerCase().startsWith(text));
  const containing = words.filter(
    ({ word }) => !word.toLowerCase().startsWith(text) && word.toLowerCase().includes(text),
  );
  return [...starting, ...containing].slice(0, limit);
}

/** Features that a word names: those that answer to it, or those of the regions that bear it. */
export function featuresOfWord(data: EncoderData, word: string): readonly Feature[] {
  const wanted = word.trim().toLowerCase();
  return wordsOf(data).find((hit) => hit.word.toLowerCase() === wanted)?.features ?? [];
}

function byNumber(data: EncoderData, number: string, limit: number): Hit[] {
  const hits: Hit[] = [];
  const exact = data.features[Number(number)];
  if (exact) hits.push({ type: "feature", feature: exact });
  for (const feature of data.living) {
    if (hits.length >= limit) break;
    if (feature !== exact && String(feature.feature).startsWith(number))
      hits.push({ type: "feature", feature });
  }
  return hits;
}

function wordsOf(data: EncoderData): { type: "word"; word: string; features: readonly Feature[] }[] {
  const words = new Map<string, readonly Feature[]>(data.kinds);
  for (const { label } of data.regions) {
    if (!label || words.has(label)) continue;
    const regions = new Set(
      data.regions.filter((region) => region.label === label).map(({ region }) => region),
    );
    words.set(
      label,
      data.living.filter(({ region }) => region !== null && regions.has(region)),
    );
  }
  return [...words].map(([word, features]) => ({ type: "word", word, features }));
}
