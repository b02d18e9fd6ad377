/** The tables of a "features" artifact. */

import { lists, structs, table, vectors } from "@optogram/artifacts";
import type { Entry } from "./batch.ts";

type Table = ReturnType<typeof table>;

/** Columns that no image has a value for are left out. */
export function imagesTable(entries: readonly Entry[]): Table {
  const records = entries.map(({ record }) => record);
  const truths = records.map(({ truth }) => truth ?? []);
  const things = truths.flat();
  const offsets = new Int32Array(truths.length + 1);
  for (const [i, truth] of truths.entries()) offsets[i + 1] = offsets[i] + truth.length;
  return table({
    image: imageNumbers(entries),
    id: records.map(({ id }) => id),
    ...(records.some(({ label }) => label !== undefined) && { label: records.map(({ label }) => label) }),
    ...(records.some(({ caption }) => caption !== undefined) && {
      caption: records.map(({ caption }) => caption),
    }),
    ...(records.some(({ truth }) => truth !== undefined) && {
      truth: lists(
        offsets,
        structs({
          kind: things.map(({ kind }) => kind),
          coverage: Float32Array.from(things, ({ coverage }) => coverage),
        }),
      ),
    }),
  });
}

/** @param embeddings [entries, dimension] */
export function embeddingsTable(
  entries: readonly Entry[],
  embeddings: Float32Array,
  dimension: number,
): Table {
  return table({ image: imageNumbers(entries), embedding: vectors(embeddings, dimension) });
}

function imageNumbers(entries: readonly Entry[]): Uint32Array {
  return Uint32Array.from(entries, ({ image }) => image);
}
