/** The tables that the stage writes; their columns are described in the package's README. */

import { binaries, table, texts } from "@optogram/artifacts";
import { pngOf } from "@optogram/studio";
import type { Difference } from "./differences.ts";
import type { Original } from "./measure.ts";
import type { Style } from "./style.ts";

export async function originalsTable(originals: readonly Original[], size: number) {
  return table({
    image: Uint32Array.from(originals, ({ image }) => image),
    ...(await pictureColumns(originals, size)),
  });
}

export async function generationsTable(originals: readonly Original[], size: number) {
  const all = originals.flatMap(({ image, generations }) =>
    generations.map((one, generation) => ({ image, generation, ...one })),
  );
  return table({
    image: Uint32Array.from(all, ({ image }) => image),
    generation: Uint32Array.from(all, ({ generation }) => generation),
    ...(await pictureColumns(all, size)),
    beginning: Uint32Array.from(all, ({ beginning }) => beginning),
    beginning_cosine: Float32Array.from(all, ({ beginningCosine }) => beginningCosine),
  });
}

async function pictureColumns(
  rows: readonly (Style & { readonly picture: Float32Array; readonly cosine: number })[],
  size: number,
) {
  return {
    picture: binaries(await Promise.all(rows.map(({ picture }) => pngOf(picture, size)))),
    cosine: Float32Array.from(rows, ({ cosine }) => cosine),
    saturation: Float32Array.from(rows, ({ saturation }) => saturation),
    contrast: Float32Array.from(rows, ({ contrast }) => contrast),
    things: Uint32Array.from(rows, ({ things }) => things),
  };
}

export function differencesTable(rows: readonly Difference[]) {
  return table({
    statistic: texts(rows.map(({ statistic }) => statistic)),
    original: Float32Array.from(rows, ({ original }) => original),
    generated: Float32Array.from(rows, ({ generated }) => generated),
    difference: Float32Array.from(rows, ({ difference }) => difference.mean),
    low: Float32Array.from(rows, ({ difference }) => difference.low),
    high: Float32Array.from(rows, ({ difference }) => difference.high),
  });
}

/** What the pictures come to. */
export function spreadFigures(originals: readonly Original[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const all = originals.flatMap(({ generations }) => generations);
  return {
    spreadImages: originals.length,
    generations: all.length,
    meanGenerationCosine: mean(all.map(({ cosine }) => cosine)),
    meanBeginningCosine: mean(all.map(({ beginningCosine }) => beginningCosine)),
    meanOriginalCosine: mean(originals.map(({ cosine }) => cosine)),
  };
}
