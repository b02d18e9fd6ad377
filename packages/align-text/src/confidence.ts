/** How sure a cosine is that text and image belong together: fitted on labelled pairs, or a heuristic that says so. */

import {
  type Calibration,
  calibrate,
  confidence,
  type Reliability,
  reliability,
  seededRandom,
} from "@optogram/statistics";
import { type Cosines, cosine, cosinesOf } from "./gap.ts";

/** Values that go round for want of better ones. */
export const heuristics = {
  "0.08 and 25": { threshold: 0.08, temperature: 25 },
  "0.10 and 20": { threshold: 0.1, temperature: 20 },
} as const;

export interface Confidence extends Pick<Calibration, "threshold" | "temperature"> {
  /** False: nobody fitted the two numbers to this encoder. */
  readonly fitted: boolean;
  /** Where fitted: the scores tell all pairs apart, so that the temperature is held by Platt's targets. */
  readonly separable?: boolean;
  /** Growth of the confidence by the cosine at the threshold, temperature / 4. */
  readonly slope: number;
}

export interface Labelled {
  /** n × d of unit length. */
  readonly images: Float32Array;
  /** A row a text. */
  readonly texts: Float32Array;
  readonly d: number;
  /** Whether text j is true of image i; undefined where nobody knows. */
  readonly matches: (image: number, text: number) => boolean | undefined;
}

export interface Fit {
  readonly confidence: Confidence;
  readonly pairs: { readonly fitted: number; readonly heldOut: number; readonly matching: number };
  /** On pairs of images that the fit did not see: before, with the heuristic of 0.08 and 25, and after. */
  readonly before: Reliability;
  readonly after: Reliability;
  readonly matching: Cosines;
  readonly others: Cosines;
}

export function heuristic(name: keyof typeof heuristics): Confidence {
  const values = heuristics[name];
  return { ...values, fitted: false, slope: values.temperature / 4 };
}

/** Pairs of each half that are looked at. */
const mostPairs = 200_000;

/**
 * Fits on the pairs of every other image, drawn by the seed, and judges on the rest, so that no image is in both.
 * Undefined where either half lacks pairs that match or pairs that do not, or greater cosines do not mean a match.
 */
export function fitConfidence(labelled: Labelled, seed: number): Fit | undefined {
  const n = labelled.images.length / labelled.d;
  const order = Array.from({ length: n }, (_, i) => i);
  seededRandom(seed).shuffle(order);
  const half = Math.ceil(n / 2);
  const [seen, unseen] = [order.slice(0, half), order.slice(half)].map((images, part) =>
    pairsOf(labelled, images, seed + 1 + part),
  );
  if (!isMixed(seen) || !isMixed(unseen)) return undefined;
  const { threshold, temperature, separable } = calibrate(seen.cosines, seen.labels);
  if (!(temperature > 0) || !Number.isFinite(threshold)) return undefined;
  const fitted = { threshold, temperature, separable, fitted: true, slope: temperature / 4 };
  const judged = (values: Pick<Confidence, "threshold" | "temperature">) =>
    reliability(
      unseen.cosines.map((score) => confidence(score, values)),
      unseen.labels,
    );
  const where = (label: number) => unseen.cosines.filter((_, i) => unseen.labels[i] === label);
  return {
    confidence: fitted,
    pairs: {
      fitted: seen.labels.length,
      heldOut: unseen.labels.length,
      matching: (count(seen.labels) + count(unseen.labels)) / (seen.labels.length + unseen.labels.length),
    },
    before: judged(heuristics["0.08 and 25"]),
    after: judged(fitted),
    matching: cosinesOf("matching", where(1)),
    others: cosinesOf("not matching", where(0)),
  };
}

interface Pairs {
  readonly cosines: Float32Array;
  readonly labels: Uint8Array;
}

/** All pairs of the images with all texts of which it is known whether they match; where too many, a share of them drawn. */
function pairsOf({ images, texts, d, matches }: Labelled, some: readonly number[], seed: number): Pairs {
  const m = texts.length / d;
  const random = seededRandom(seed);
  const share = mostPairs / (some.length * m);
  const cosines: number[] = [];
  const labels: number[] = [];
  for (const i of some)
    for (let j = 0; j < m; j++) {
      const match = matches(i, j);
      if (match === undefined || (share < 1 && random.uniform() >= share)) continue;
      cosines.push(cosine(images, i, texts, j, d));
      labels.push(match ? 1 : 0);
    }
  return { cosines: Float32Array.from(cosines), labels: Uint8Array.from(labels) };
}

const count = (labels: Uint8Array) => labels.reduce((sum, label) => sum + label, 0);

const isMixed = ({ labels }: Pairs) => labels.includes(0) && labels.includes(1);
