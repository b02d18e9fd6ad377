/** Pictures of pairs of features: what lies between them, and what each has beyond the other. */

import { type Artifact, columnOf, table, texts, toBinaries } from "@optogram/artifacts";
import type { PageTable, PageTables } from "./tables.ts";

/** The tables of combine-features, whose README describes their columns. */
export interface CombinationsPart {
  readonly pairs: PageTable;
  readonly pictures: PageTable;
}

export async function readCombinations(artifact: Artifact): Promise<CombinationsPart> {
  return {
    pairs: await artifact.table("pairs.parquet"),
    pictures: await artifact.table("pictures.parquet"),
  };
}

/** Pictures of a table's rows as files below `folder`, named by row; the table then holds their paths below the encoder's. */
export function filesOf(
  from: PageTable,
  folder: string,
): { readonly files: ReadonlyMap<string, Uint8Array>; readonly table: PageTable } {
  const pictures = toBinaries(columnOf(from, "picture"));
  const paths = pictures.map((_, row) => `${folder}/${row}.png`);
  const columns = from.schema.fields.map(({ name }) => [
    name,
    name === "picture" ? texts(paths) : columnOf(from, name),
  ]);
  return {
    files: new Map(paths.map((path, row) => [path, pictures[row]!])),
    table: table(Object.fromEntries(columns)),
  };
}

export function combinationTables({ pairs, pictures }: CombinationsPart): PageTables[] {
  return [
    { name: "pairs", table: pairs },
    { name: "combinations", table: filesOf(pictures, "combinations").table },
  ];
}

/** Paths below the encoder's folder, and what is written there. */
export function combinationFiles({ pictures }: CombinationsPart): ReadonlyMap<string, Uint8Array> {
  return filesOf(pictures, "combinations").files;
}
