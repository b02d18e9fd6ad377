/** The stage's core: from sparse codes and a dictionary to a map of the living features. */

import {
  exactGrid,
  greedyGrid,
  nearestNeighbours,
  neighboursKept,
  type SparseRows,
  seededRandom,
  trustworthiness,
} from "@optogram/statistics";
import { Coactivation, type CoactivationNeighbours, coactivationNeighbours } from "./coactivation.ts";
import { type NeighbourTable, umapLayout } from "./layout.ts";
import { findRegions, type Regions } from "./regions.ts";
import { type FeatureSummaries, summarise } from "./summaries.ts";
import { featureTags, type ImageTags } from "./tags.ts";

export interface MapInput {
  /** Images × features, activations > 0. */
  readonly codes: SparseRows;
  /** The decoder's rows, row-major, features × d. */
  readonly dictionary: Float32Array;
  readonly d: number;
  /** What the images are about (one row for each row of the codes), the most telling source first. */
  readonly tags: readonly ImageTags[];
  /** Names by words of features of the dictionary, for those whose images share no tag. */
  readonly names?: ReadonlyMap<number, string>;
}

export interface MapParameters {
  readonly seed: number;
  /** Two features coactivate if they fire together in at least as many images. */
  readonly minimumCount: number;
  /** Features on the map at most, the strongest first; all living ones where it is left out. */
  readonly strongest?: number | undefined;
  /** Cells a side of the grid, more where the features need them; half filled where it is left out. */
  readonly grid?: number | undefined;
}

/** Everything by living feature: entry i is about feature `living[i]`, and neighbours are numbered alike. */
export interface CoactivationMap {
  /** Features on the map, which are active in at least one image, ascending. */
  readonly living: Uint32Array;
  readonly summaries: FeatureSummaries;
  readonly coactivation: CoactivationNeighbours;
  readonly similar: SimilarFeatures;
  /** x0, y0, x1, y1, … from 0 to 1. */
  readonly layout: Float32Array;
  /** The side of the square grid, and the cell of each feature: row × side + column. */
  readonly side: number;
  readonly cells: Uint32Array;
  readonly tags: readonly (string | undefined)[];
  /** Whether the tag is the feature's name, because its images share none. */
  readonly byWords: readonly boolean[];
  readonly regions: Regions;
  readonly metrics: MapMetrics;
}

/** For each feature, those with the nearest decoder rows, nearest first. Row-major, n × k. */
export interface SimilarFeatures {
  readonly k: number;
  readonly indices: Uint32Array;
  /** Cosine of the decoder rows. */
  readonly cosines: Float32Array;
  /** Images where both are active. */
  readonly together: Uint32Array;
}

export interface MapMetrics {
  readonly living: number;
  /** Of the layout in the space of correlations, 10 neighbours; null for 20 features or fewer. */
  readonly trustworthiness: number | null;
  /** The share of ten nearest neighbours on the layout that are so on the grid; null as above. */
  readonly gridKept: number | null;
}

/** A step of the work, for progress: `done` of `total` in `phase`. */
export interface MapProgress {
  readonly phase: "pairs" | "layout" | "grid";
  readonly done: number;
  readonly total: number;
}

export const neighboursListed = 20;
const layoutNeighbours = 14;
const judged = 10;
/**
 * Share of the grid's cells that hold a feature. On 725 features of scenes, of ten neighbours 0.90 were kept at a
 * filling of 0.17 (the source's 2,500 on 120 × 120), 0.79 at 0.48 and 0.67 at 0.81: half shows pictures, not gaps.
 */
const filling = 0.5;
/** Features up to which the grid is assigned exactly. */
const exactUpTo = 2500;

/** Computes the map. A generator, so that its caller may show progress or stop between steps. */
export function* computeMap(
  input: MapInput,
  parameters: MapParameters,
): Generator<MapProgress, CoactivationMap> {
  const { d, dictionary } = input;
  if (dictionary.length !== input.codes.columns * d)
    throw new RangeError(
      `coactivation: the codes name ${input.codes.columns} features, the dictionary has ${dictionary.length / d}`,
    );
  const alive = livingFeatures(input.codes);
  const living = alive.slice(0, parameters.strongest).sort();
  const n = living.length;
  const codes = renumber(input.codes, living);
  const rows = new Float32Array(n * d);
  living.forEach((feature, i) => {
    rows.set(dictionary.subarray(feature * d, (feature + 1) * d), i * d);
  });

  yield { phase: "pairs", done: 0, total: 2 };
  const space = new Coactivation(codes);
  const coactivation = coactivationNeighbours(space, neighboursListed, parameters.minimumCount);
  yield { phase: "pairs", done: 1, total: 2 };
  const similar = similarFeatures(rows, d, space);
  const summaries = summarise(space);
  yield { phase: "pairs", done: 2, total: 2 };

  const random = seededRandom(parameters.seed);
  const steps = umapLayout(layoutNeighbourhoods(coactivation, similar, n), random);
  let step = steps.next();
  for (; !step.done; step = steps.next())
    yield { phase: "layout", done: step.value.epoch, total: step.value.epochs };
  const layout = step.value;

  yield { phase: "grid", done: 0, total: 1 };
  const side = Math.ceil(Math.max(parameters.grid ?? Math.sqrt(n / filling), Math.sqrt(n)));
  const place = n <= exactUpTo ? exactGrid : greedyGrid;
  const cells = place(layout, { columns: side, rows: side });
  const shown = answers(input.tags, summaries, n);
  const tags = shown.map((tag, i) => tag ?? input.names?.get(living[i]));
  const regions = findRegions(layout, tags, random);
  const metrics = { living: alive.length, ...judge(layout, cells, side, space) };
  yield { phase: "grid", done: 1, total: 1 };
  const byWords = tags.map((tag, i) => tag !== undefined && shown[i] === undefined);
  return { living, summaries, coactivation, similar, layout, side, cells, tags, byWords, regions, metrics };
}

/** Features that are active in at least one image, those with the largest mean activation over all images first. */
function livingFeatures({ columns, indices, values }: SparseRows): Uint32Array {
  const sums = new Float64Array(columns);
  for (let p = 0; p < indices.length; p++) sums[indices[p]] += values[p];
  return Uint32Array.from(sums.keys().filter((feature) => sums[feature] > 0)).sort(
    (a, b) => sums[b] - sums[a] || a - b,
  );
}

/** The codes of some features alone, numbered 0 … n − 1. */
function renumber(codes: SparseRows, living: Uint32Array): SparseRows {
  const number = new Int32Array(codes.columns).fill(-1);
  living.forEach((feature, i) => {
    number[feature] = i;
  });
  const kept = (p: number) => number[codes.indices[p]] >= 0;
  const offsets = new Uint32Array(codes.offsets.length);
  for (let i = 1; i < offsets.length; i++) {
    offsets[i] = offsets[i - 1];
    for (let p = codes.offsets[i - 1]; p < codes.offsets[i]; p++) if (kept(p)) offsets[i]++;
  }
  return {
    columns: living.length,
    offsets,
    indices: Uint32Array.from(
      codes.indices.filter((_, p) => kept(p)),
      (feature) => number[feature],
    ),
    values: codes.values.filter((_, p) => kept(p)),
  };
}

function similarFeatures(rows: Float32Array, d: number, space: Coactivation): SimilarFeatures {
  const k = Math.min(neighboursListed, space.features - 1);
  if (k < 1)
    return { k: 0, indices: new Uint32Array(0), cosines: new Float32Array(0), together: new Uint32Array(0) };
  const { indices, scores: cosines } = nearestNeighbours(rows, d, k, "cosine");
  const together = new Uint32Array(indices.length);
  for (let i = 0; i < space.features; i++) {
    const row = space.row(i);
    for (let p = i * k; p < (i + 1) * k; p++) together[p] = row.together[indices[p]];
  }
  return { k, indices, cosines, together };
}

/**
 * Neighbourhoods for the layout: by coactivation, at distance 1 − correlation. A feature that fires with too few others
 * is filled up with those of nearest direction, at distance 1, so that it lies beside what looks like it.
 */
function layoutNeighbourhoods(
  { offsets, others, scores }: CoactivationNeighbours,
  similar: SimilarFeatures,
  n: number,
): NeighbourTable {
  const k = Math.min(layoutNeighbours, similar.k);
  const indices = new Uint32Array(n * k);
  const distances = new Float32Array(n * k).fill(1);
  for (let i = 0; i < n; i++) {
    const own = indices.subarray(i * k, (i + 1) * k);
    const found = Math.min(k, offsets[i + 1] - offsets[i]);
    for (let r = 0; r < found; r++) {
      own[r] = others[offsets[i] + r];
      distances[i * k + r] = 1 - scores[offsets[i] + r];
    }
    let filled = found;
    for (let r = i * similar.k; filled < k; r++)
      if (!own.subarray(0, found).includes(similar.indices[r])) own[filled++] = similar.indices[r];
  }
  return { n, k, indices, distances };
}

function answers(
  sources: readonly ImageTags[],
  { tops }: FeatureSummaries,
  n: number,
): (string | undefined)[] {
  const answer: (string | undefined)[] = new Array(n).fill(undefined);
  for (const source of sources)
    featureTags(tops, source).forEach((tag, i) => {
      answer[i] ??= tag;
    });
  return answer;
}

function judge(layout: Float32Array, cells: Uint32Array, side: number, space: Coactivation) {
  if (cells.length <= 2 * judged) return { trustworthiness: null, gridKept: null };
  const grid = Float32Array.from(layout, (_, p) => {
    const cell = cells[p >> 1];
    return p % 2 === 0 ? cell % side : Math.floor(cell / side);
  });
  return {
    trustworthiness: trustworthiness(layout, 2, judged, (i, out) => {
      space.correlations(i, out);
      for (let j = 0; j < out.length; j++) out[j] = 1 - out[j];
    }),
    gridKept: neighboursKept(layout, grid, judged),
  };
}
