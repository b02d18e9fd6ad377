import type { SiteEncoder } from "@optogram/render-atlas/site";
import { once } from "./load.ts";
import { number, type Row, readWhole, textOrNull } from "./tables.ts";

export interface SpreadPicture {
  readonly url: string;
  /** With the original's embedding, under fresh crops. */
  readonly cosine: number;
  readonly saturation: number;
  readonly contrast: number;
  readonly things: number;
}

export interface Generation extends SpreadPicture {
  /** Cosine of the image that the search began with. */
  readonly beginningCosine: number;
}

/** An image with pictures that the encoder takes for the same. */
export interface SpreadImage extends SpreadPicture {
  readonly image: number;
  readonly name: string;
  readonly generations: readonly Generation[];
}

/** A statistic of the generations against their originals, with an interval of the difference. */
export interface Difference {
  readonly statistic: string;
  readonly original: number;
  readonly generated: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface Spread {
  readonly images: readonly SpreadImage[];
  readonly differences: readonly Difference[];
}

export function loadSpread(encoder: SiteEncoder): Promise<Spread> {
  return once(`spread ${encoder.folder}`, async () => {
    const { originals, generations, differences } = encoder.tables;
    if (!originals || !generations || !differences) return { images: [], differences: [] };
    const [rows, made, differ] = await Promise.all([originals, generations, differences].map(readWhole));
    return assembleSpread(encoder.folder, rows!, made!, differ!);
  });
}

export function assembleSpread(
  folder: string,
  originals: readonly Row[],
  generations: readonly Row[],
  differences: readonly Row[],
): Spread {
  return {
    images: originals.map((row) => ({
      ...readPicture(folder, row),
      image: number(row, "image"),
      name:
        textOrNull(row, "caption") ??
        textOrNull(row, "label") ??
        textOrNull(row, "id") ??
        `image ${row.image}`,
      generations: generations
        .filter(({ image }) => image === row.image)
        .sort((a, b) => number(a, "generation") - number(b, "generation"))
        .map((one) => ({ ...readPicture(folder, one), beginningCosine: number(one, "beginning_cosine") })),
    })),
    differences: differences.map((row) => ({
      statistic: textOrNull(row, "statistic") ?? "",
      original: number(row, "original"),
      generated: number(row, "generated"),
      difference: number(row, "difference"),
      low: number(row, "low"),
      high: number(row, "high"),
    })),
  };
}

function readPicture(folder: string, row: Row): SpreadPicture {
  return {
    url: `${folder}/${textOrNull(row, "picture") ?? ""}`,
    cosine: number(row, "cosine"),
    saturation: number(row, "saturation"),
    contrast: number(row, "contrast"),
    things: number(row, "things"),
  };
}
