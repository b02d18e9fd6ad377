import type { SiteWords, SiteWordsAbout } from "@optogram/render-atlas/site";
import { once, PageError } from "../data/load.ts";
import { number, type Row, readWhole, textOrNull } from "../data/tables.ts";

export interface Words {
  readonly site: SiteWords;
  readonly about: SiteWordsAbout;
  /** In the order of the embeddings. */
  readonly images: readonly WordsImage[];
  readonly texts: readonly WordsText[];
  /** [texts, dimension], of unit length. */
  readonly directions: Float32Array;
}

export interface WordsImage {
  readonly name: string;
  readonly picture: string;
}

export interface WordsText {
  readonly text: string;
  /** `class`, the name of one in all templates; `word` or `query`, as it is. */
  readonly role: string;
}

export function loadWords(site: SiteWords): Promise<Words> {
  return once(`words ${site.about.url}`, async () => {
    const [about, images, texts] = await Promise.all([
      readAbout(site),
      readWhole(site.tables.images),
      readWhole(site.tables.texts),
    ]);
    const { url, extension } = about.pictures;
    return {
      ...{ site, about },
      images: images.map((row, i) => ({
        name: textOrNull(row, "caption") ?? textOrNull(row, "label") ?? textOrNull(row, "id") ?? `image ${i}`,
        picture: `${url}/${i}.${extension}`,
      })),
      texts: texts.map((row) => ({
        text: textOrNull(row, "text") ?? "",
        role: textOrNull(row, "role") ?? "",
      })),
      directions: Float32Array.from(texts.flatMap((row) => Array.from(row.embedding as Iterable<number>))),
    };
  });
}

async function readAbout({ about }: SiteWords): Promise<SiteWordsAbout> {
  const response = await fetch(about.url).catch(() => undefined);
  if (!response?.ok)
    throw new PageError(
      `${about.url} could not be read. Check that the whole folder was copied to the host, then reload.`,
    );
  return (await response.json()) as SiteWordsAbout;
}

/** A feature's name: a text near to its direction. */
export interface FeatureName {
  readonly feature: number;
  /** From 1. */
  readonly rank: number;
  readonly text: string;
  /** The cosine less the text's mean over all features, in standard deviations over the texts. */
  readonly score: number;
}

export function loadNames({ site, texts }: Words): Promise<readonly FeatureName[]> {
  return once(`names ${site.about.url}`, async () => {
    const { names } = site.tables;
    const rows = names ? await readWhole(names) : [];
    return rows.map((row) => ({
      feature: number(row, "feature"),
      rank: number(row, "rank"),
      text: texts[number(row, "text")]?.text ?? "",
      score: number(row, "score"),
    }));
  });
}

/** Held-out pairs in a bin of confidence. */
export interface ReliabilityBin {
  /** `heuristic` or `fitted` values. */
  readonly values: string;
  readonly confidence: number;
  /** Of its pairs, those that match, with the 95 % interval. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

export interface CosineBin {
  /** `matching`, `not matching`, `images`, `texts` or `across`. */
  readonly pairs: string;
  readonly from: number;
  readonly to: number;
  /** Of the pairs of its kind. */
  readonly share: number;
}

export interface CalibrationTables {
  readonly reliability: readonly ReliabilityBin[];
  readonly cosines: readonly CosineBin[];
}

export function loadCalibration({ tables, about }: SiteWords): Promise<CalibrationTables> {
  return once(`calibration ${about.url}`, async () => {
    const [reliability, cosines] = await Promise.all([
      tables.reliability ? readWhole(tables.reliability) : [],
      tables.cosines.rows > 0 ? readWhole(tables.cosines) : [],
    ]);
    const totals = new Map<string, number>();
    const kindOf = (row: Row) => textOrNull(row, "pairs") ?? "";
    for (const row of cosines) totals.set(kindOf(row), (totals.get(kindOf(row)) ?? 0) + number(row, "count"));
    return {
      reliability: reliability.map((row) => ({
        values: textOrNull(row, "values") ?? "",
        confidence: number(row, "confidence"),
        ...{ share: number(row, "share"), low: number(row, "low"), high: number(row, "high") },
        pairs: number(row, "pairs"),
      })),
      cosines: cosines.map((row) => ({
        pairs: kindOf(row),
        ...{ from: number(row, "from"), to: number(row, "to") },
        share: number(row, "count") / totals.get(kindOf(row))!,
      })),
    };
  });
}
