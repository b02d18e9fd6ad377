/** The gap between modalities: how near images are to images, texts to texts, and the ones to the others. */

import { meanRow, seededRandom } from "@optogram/statistics";

/** Pairs that are drawn where there are more. */
const mostPairs = 100_000;
/** Bins of a histogram of cosines, from −1 to 1. */
export const cosineBins = 100;

export interface Cosines {
  readonly name: string;
  /** Pairs that were looked at. */
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
  /** Pairs by cosine, `cosineBins` of equal width from −1 to 1. */
  readonly counts: Uint32Array;
}

export interface Gap {
  readonly images: Cosines;
  readonly texts: Cosines;
  readonly across: Cosines;
  /** Between the mean of the images and the mean of the texts (Liang et al. 2022, Mind the Gap). */
  readonly distance: number;
}

/** Of embeddings of unit length, row-major; of each kind of pair at most 100,000, drawn from the seed. */
export function modalityGap(images: Float32Array, texts: Float32Array, d: number, seed: number): Gap {
  const meanText = meanRow(texts, d);
  const distance = Math.sqrt(
    meanRow(images, d)
      .map((value, k) => value - meanText[k])
      .reduce((sum, value) => sum + value * value, 0),
  );
  return {
    images: cosinesOf("images", sampled(images, images, d, seed, true)),
    texts: cosinesOf("texts", sampled(texts, texts, d, seed + 1, true)),
    across: cosinesOf("across", sampled(images, texts, d, seed + 2, false)),
    distance,
  };
}

export function cosinesOf(name: string, cosines: Float32Array): Cosines {
  let [sum, squares] = [0, 0];
  for (const value of cosines) sum += value;
  const mean = sum / cosines.length;
  for (const value of cosines) squares += (value - mean) ** 2;
  const counts = new Uint32Array(cosineBins);
  for (const value of cosines)
    counts[Math.min(cosineBins - 1, Math.max(0, Math.floor(((value + 1) / 2) * cosineBins)))]++;
  return { name, n: cosines.length, mean, deviation: Math.sqrt(squares / cosines.length), counts };
}

/** Cosines of all pairs, or of pairs drawn; within a set, of different rows. */
function sampled(a: Float32Array, b: Float32Array, d: number, seed: number, within: boolean): Float32Array {
  const [n, m] = [a.length / d, b.length / d];
  const pairs = within ? (n * (n - 1)) / 2 : n * m;
  if (pairs > mostPairs) {
    const random = seededRandom(seed);
    return Float32Array.from({ length: mostPairs }, () => {
      const i = random.integer(n);
      const j = within ? (i + 1 + random.integer(n - 1)) % n : random.integer(m);
      return cosine(a, i, b, j, d);
    });
  }
  const all = new Float32Array(pairs);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = within ? i + 1 : 0; j < m; j++) all[at++] = cosine(a, i, b, j, d);
  return all;
}

export function cosine(a: Float32Array, i: number, b: Float32Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += a[i * d + k] * b[j * d + k];
  return sum;
}
