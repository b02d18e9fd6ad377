/** Pictures that an encoder takes for the same as an image, and how they differ from it. */

import { type Artifact, columnOf, table, texts, toNumbers } from "@optogram/artifacts";
import { filesOf } from "./combinations.ts";
import type { ImagesPart } from "./parts.ts";
import type { PageTable, PageTables } from "./tables.ts";

/** The tables of spread-images, whose README describes their columns. */
export interface SpreadPart {
  readonly originals: PageTable;
  readonly generations: PageTable;
  readonly differences: PageTable;
}

export async function readSpread(artifact: Artifact): Promise<SpreadPart> {
  const [originals, generations, differences] = await Promise.all(
    ["originals", "generations", "differences"].map((name) => artifact.table(`${name}.parquet`)),
  );
  return { originals: originals!, generations: generations!, differences: differences! };
}

/** The originals also say what they are called and show. */
export function spreadTables(
  { originals, generations, differences }: SpreadPart,
  images: ImagesPart,
): PageTables[] {
  const { table: shown } = filesOf(originals, "spread/originals");
  const known = Array.from(images.image);
  const rows = Array.from(toNumbers(columnOf(originals, "image")), Number).map((image) =>
    known.indexOf(image),
  );
  const named = Object.fromEntries([
    ...shown.schema.fields.map(({ name }) => [name, columnOf(shown, name)] as const),
    ...(["id", "label", "caption"] as const).map(
      (name) => [name, texts(rows.map((row) => images[name][row]))] as const,
    ),
  ]);
  return [
    { name: "originals", table: table(named) },
    { name: "generations", table: filesOf(generations, "spread/generations").table },
    { name: "differences", table: differences },
  ];
}

/** Paths below the encoder's folder, and what is written there. */
export function spreadFiles({ originals, generations }: SpreadPart): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...filesOf(originals, "spread/originals").files,
    ...filesOf(generations, "spread/generations").files,
  ]);
}
