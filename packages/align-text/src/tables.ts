/** The tables of an "alignment" artifact. */

import { bools, table, vectors } from "@optogram/artifacts";
import { confidence, proportion, type Reliability } from "@optogram/statistics";
import type { Confidence } from "./confidence.ts";
import type { Classes, Features } from "./features.ts";
import { type Cosines, cosineBins } from "./gap.ts";
import type { Names } from "./names.ts";
import { type Found, softmaxAt } from "./search.ts";
import type { ZeroShot } from "./zero-shot.ts";

export interface EmbeddedText {
  readonly text: string;
  readonly role: "class" | "word" | "query";
}

export function textsTable(texts: readonly EmbeddedText[], embeddings: Float32Array, d: number) {
  return table({
    text: texts.map(({ text }) => text),
    role: texts.map(({ role }) => role),
    embedding: vectors(embeddings, d),
  });
}

/** A row a query and rank; `keys` are what the rows that were searched are called in the column `key`. */
export function foundTable(
  { k, indices, cosines, logSums }: Found,
  queries: { readonly name: string; readonly keys: ArrayLike<number> },
  rows: { readonly name: string; readonly keys?: ArrayLike<number> },
  sure: Confidence,
  temperature: number,
) {
  const query = (i: number) => Math.floor(i / k);
  return table({
    [queries.name]: Uint32Array.from(indices, (_, i) => queries.keys[query(i)]),
    rank: Uint32Array.from(indices, (_, i) => (i % k) + 1),
    [rows.name]: Uint32Array.from(indices, (row) => rows.keys?.[row] ?? row),
    cosine: cosines,
    confidence: cosines.map((cosine) => confidence(cosine, sure)),
    softmax: cosines.map((cosine, i) => softmaxAt(cosine, logSums[query(i)], temperature)),
  });
}

export function accuracyTable({ images }: Features, classes: Classes, { nearest, running }: ZeroShot) {
  const { k, indices } = nearest;
  return table({
    image: images,
    class: classes.of,
    right: bools(Array.from(classes.of, (cls, i) => cls >= 0 && indices[i * k] === cls)),
    running,
  });
}

export function classesTable(classes: Classes, { confusion }: ZeroShot) {
  const count = classes.labels.length;
  const shares = classes.labels.map((_, cls) => {
    const row = confusion.subarray(cls * count, (cls + 1) * count);
    return proportion(
      row[cls],
      row.reduce((sum, value) => sum + value, 0),
    );
  });
  return table({
    class: Uint32Array.from(classes.labels.keys()),
    label: [...classes.labels],
    name: [...classes.names],
    images: Uint32Array.from(shares, ({ n }) => n),
    top1: Float32Array.from(shares, ({ value }) => value),
    low: Float32Array.from(shares, ({ low }) => low),
    high: Float32Array.from(shares, ({ high }) => high),
  });
}

export function confusionTable(classes: number, { confusion }: ZeroShot) {
  const filled = Array.from(confusion.keys()).filter((at) => confusion[at] > 0);
  return table({
    class: Uint32Array.from(filled, (at) => Math.floor(at / classes)),
    nearest: Uint32Array.from(filled, (at) => at % classes),
    images: Uint32Array.from(filled, (at) => confusion[at]),
  });
}

export function cosinesTable(all: readonly Cosines[]) {
  const bins = all.flatMap(({ name, counts }) =>
    Array.from(counts, (count, bin) => ({ name, bin, count })).filter(({ count }) => count > 0),
  );
  const edge = (bin: number) => (2 * bin) / cosineBins - 1;
  return table({
    pairs: bins.map(({ name }) => name),
    from: Float32Array.from(bins, ({ bin }) => edge(bin)),
    to: Float32Array.from(bins, ({ bin }) => edge(bin + 1)),
    count: Uint32Array.from(bins, ({ count }) => count),
  });
}

export function reliabilityTable(before: Reliability, after: Reliability) {
  const rows = [
    ...before.bins.map((bin) => ({ values: "heuristic", ...bin })),
    ...after.bins.map((bin) => ({ values: "fitted", ...bin })),
  ];
  const floats = (of: (row: (typeof rows)[number]) => number) => Float32Array.from(rows, of);
  return table({
    values: rows.map(({ values }) => values),
    from: floats(({ from }) => from),
    to: floats(({ to }) => to),
    confidence: floats((row) => row.confidence),
    share: floats(({ share }) => share.value),
    low: floats(({ share }) => share.low),
    high: floats(({ share }) => share.high),
    pairs: Uint32Array.from(rows, ({ share }) => share.n),
  });
}

export function namesTable(features: Uint32Array, { k, indices, cosines, scores }: Names) {
  return table({
    feature: Uint32Array.from(indices, (_, i) => features[Math.floor(i / k)]),
    rank: Uint32Array.from(indices, (_, i) => (i % k) + 1),
    text: indices,
    cosine: cosines,
    score: scores,
  });
}

export interface DebugRow {
  readonly case: number;
  readonly image: number;
  readonly crop: readonly [number, number, number, number];
  readonly prompt: string;
  readonly cosine: number;
}

export function debugTable(rows: readonly DebugRow[], sure: Confidence) {
  const side = (i: number) => Float32Array.from(rows, ({ crop }) => crop[i]);
  return table({
    case: Uint32Array.from(rows, (row) => row.case),
    image: Uint32Array.from(rows, ({ image }) => image),
    ...{ left: side(0), top: side(1), width: side(2), height: side(3) },
    area: Float32Array.from(rows, ({ crop }) => crop[2] * crop[3]),
    prompt: rows.map(({ prompt }) => prompt),
    cosine: Float32Array.from(rows, ({ cosine }) => cosine),
    confidence: Float32Array.from(rows, ({ cosine }) => confidence(cosine, sure)),
  });
}

export interface WordRow {
  readonly case: number;
  readonly prompt: string;
  readonly position: number;
  readonly word: string;
  /** Without the word. */
  readonly cosine: number;
  /** With it, less without it. */
  readonly effect: number;
}

export function wordsTable(rows: readonly WordRow[]) {
  return table({
    case: Uint32Array.from(rows, (row) => row.case),
    prompt: rows.map(({ prompt }) => prompt),
    position: Uint32Array.from(rows, ({ position }) => position),
    word: rows.map(({ word }) => word),
    cosine: Float32Array.from(rows, ({ cosine }) => cosine),
    effect: Float32Array.from(rows, ({ effect }) => effect),
  });
}
