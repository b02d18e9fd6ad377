/** Whether features answer to things that are known to be in the images. */

import {
  accuracy,
  denseAurocs,
  knnClassify,
  type SparseRows,
  seededRandom,
  sparseAurocs,
} from "@optogram/statistics";
import { type Rows, rowsIn } from "./rows.ts";

/** What an image shows: kinds of things with the share of the frame that they cover. */
export type Truth = readonly { readonly kind: string; readonly coverage: number }[];

/** A thing counts as shown where it covers at least this share of the frame; smaller ones leave the image out. */
export const leastCoverage = 0.05;

export interface Shown {
  readonly kinds: readonly string[];
  /** Row-major, images × kinds: 1 shown, 0 not, −1 there but too small to count. */
  readonly labels: Int8Array;
}

export function shownKinds(truths: readonly Truth[], kinds: readonly string[]): Shown {
  const column = new Map(kinds.map((kind, k) => [kind, k]));
  const labels = new Int8Array(truths.length * kinds.length);
  truths.forEach((truth, i) => {
    for (const { kind, coverage } of truth) {
      const k = column.get(kind);
      if (k === undefined) continue;
      const at = i * kinds.length + k;
      if (coverage >= leastCoverage) labels[at] = 1;
      else if (labels[at] === 0) labels[at] = -1;
    }
  });
  return { kinds, labels };
}

/** The kinds that a corpus shows, in alphabetical order. */
export function kindsOf(truths: readonly Truth[]): string[] {
  return [...new Set(truths.flatMap((truth) => truth.map(({ kind }) => kind)))].sort();
}

/** Images through which something is seen: codes and the embeddings they were made from. */
export interface Judged {
  readonly codes: SparseRows;
  readonly rows: Rows;
  readonly shown: Shown;
}

/** How one kind of thing is found by a single feature, and by a single dimension of the embedding. */
export interface KindVerdict {
  readonly kind: string;
  /** Held-out images that show it. */
  readonly images: number;
  /** The feature with the largest AUROC on the images for choosing. */
  readonly feature: number;
  readonly aurocChoice: number;
  /** Its AUROC on the held-out images. */
  readonly auroc: number;
  /** The embedding dimension chosen in the same way, by either sign. */
  readonly dimension: number;
  readonly dimensionAuroc: number;
}

/** Chooses on some images and judges on others. Kinds that either lacks are left out. */
export function judgeKinds(choose: Judged, heldOut: Judged): KindVerdict[] {
  const { kinds } = choose.shown;
  const sparse = (judged: Judged) => sparseAurocs(judged.codes, judged.shown.labels, kinds.length);
  const dense = (judged: Judged) =>
    denseAurocs(judged.rows.data, judged.rows.d, judged.shown.labels, kinds.length);
  const [features, featuresHeld] = [sparse(choose), sparse(heldOut)];
  const [dimensions, dimensionsHeld] = [dense(choose), dense(heldOut)];
  return kinds.flatMap((kind, k) => {
    const images = countShown(heldOut.shown, k);
    const feature = best(features, kinds.length, k, (x) => x);
    const dimension = best(dimensions, kinds.length, k, (x) => Math.abs(x - 0.5));
    if (images === 0 || feature === undefined || dimension === undefined) return [];
    const at = (of: number) => of * kinds.length + k;
    // A dimension that falls where the thing is shown is read with its sign reversed.
    const held = dimensionsHeld[at(dimension)];
    return [
      {
        kind,
        images,
        feature,
        aurocChoice: features[at(feature)],
        auroc: featuresHeld[at(feature)],
        dimension,
        dimensionAuroc: dimensions[at(dimension)] < 0.5 ? 1 - held : held,
      },
    ];
  });
}

function countShown({ labels, kinds }: Shown, k: number): number {
  let count = 0;
  for (let at = k; at < labels.length; at += kinds.length) if (labels[at] === 1) count++;
  return count;
}

/** The row of a rows × kinds table whose entry for kind k scores highest. */
function best(
  table: Float64Array,
  kinds: number,
  k: number,
  score: (x: number) => number,
): number | undefined {
  let found: number | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = k; at < table.length; at += kinds) {
    const value = score(table[at]);
    if (value > highest) {
      highest = value;
      found = Math.floor(at / kinds);
    }
  }
  return found;
}

/** How much classification loses when embeddings are replaced by their reconstructions. */
export interface ClassificationLoss {
  /** Share of test rows whose label the 20 nearest neighbours name, from embeddings and from reconstructions. */
  readonly embedding: number;
  readonly reconstruction: number;
  readonly trainedOn: number;
  readonly testedOn: number;
}

/** Labelled rows used, at most: drawn by a fixed seed; the first four fifths vote, the rest are named. */
const mostLabelled = 5000;

export function classificationLoss(
  rows: Rows,
  reconstruction: Float32Array,
  labels: readonly (string | undefined)[],
): ClassificationLoss | undefined {
  const all = [...labels.keys()].filter((i) => labels[i] !== undefined && i < rowsIn(rows));
  const labelled = seededRandom(1).shuffle(all).slice(0, mostLabelled);
  const classes = [...new Set(labelled.map((i) => labels[i]))].sort();
  const trainedOn = Math.floor(labelled.length * 0.8);
  const testedOn = labelled.length - trainedOn;
  if (classes.length < 2 || testedOn === 0) return undefined;
  const numbers = labelled.map((i) => classes.indexOf(labels[i]));
  const score = (data: Float32Array) => {
    const part = (from: number, to: number) => {
      const out = new Float32Array((to - from) * rows.d);
      for (let i = from; i < to; i++)
        out.set(data.subarray(labelled[i] * rows.d, (labelled[i] + 1) * rows.d), (i - from) * rows.d);
      return out;
    };
    const train = { rows: part(0, trainedOn), labels: numbers.slice(0, trainedOn) };
    return accuracy(knnClassify(train, part(trainedOn, labelled.length), rows.d), numbers.slice(trainedOn));
  };
  return { embedding: score(rows.data), reconstruction: score(reconstruction), trainedOn, testedOn };
}
