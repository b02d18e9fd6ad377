import type { SiteEncoder } from "@optogram/render-atlas/site";
import { once } from "./load.ts";
import { number, numberOrNull, type Row, readWhole, textOrNull } from "./tables.ts";

/** A picture that was searched for in advance. */
export interface RefinedPicture {
  readonly url: string;
  /** With the direction that it was searched for. */
  readonly cosine: number;
  /** Place of each of the pair's features among all on it, from 1. */
  readonly rankA: number;
  readonly rankB: number;
  /** Activations on nine crops, row by row. */
  readonly cropsA: readonly number[];
  readonly cropsB: readonly number[];
  /** Of the places where the two answer; null where one does nowhere. */
  readonly overlap: number | null;
  /** `fused`, `side by side` or `one alone`. */
  readonly verdict: string;
}

/** Two features with the pictures of what lies between and beyond them. */
export interface Combination {
  readonly a: number;
  readonly b: number;
  readonly nameA: string;
  readonly nameB: string;
  /** `often`, `seldom` or `named`. */
  readonly why: string;
  /** Correlation of their activations. */
  readonly together: number;
  /** Of their directions. */
  readonly cosine: number;
  readonly ofA: RefinedPicture;
  readonly ofB: RefinedPicture;
  /** Half way: what the encoder says is nearest, and what another beginning led to. */
  readonly middle: RefinedPicture;
  readonly other: RefinedPicture | undefined;
  readonly aBeyondB: RefinedPicture | undefined;
  readonly bBeyondA: RefinedPicture | undefined;
}

export function loadCombinations(encoder: SiteEncoder): Promise<readonly Combination[]> {
  return once(`combinations ${encoder.folder}`, async () => {
    const { pairs, combinations } = encoder.tables;
    if (!pairs || !combinations) return [];
    const [rows, pictures] = await Promise.all([readWhole(pairs), readWhole(combinations)]);
    return assembleCombinations(encoder.folder, rows, pictures);
  });
}

export function assembleCombinations(
  folder: string,
  pairs: readonly Row[],
  pictures: readonly Row[],
): Combination[] {
  return pairs.flatMap((row) => {
    const own = pictures.filter(({ pair }) => pair === row.pair);
    const find = (fits: (row: Row) => boolean) => {
      const found = own.find(fits);
      return found && readPicture(folder, found);
    };
    const part = (name: string) => find((row) => row.part === name);
    const half = (row: Row) => row.part === "over" || row.part === "beside";
    const [ofA, ofB, middle] = [part("a"), part("b"), find((row) => half(row) && row.middle === true)];
    if (!ofA || !ofB || !middle) return [];
    const [a, b] = [number(row, "a"), number(row, "b")];
    return {
      a,
      b,
      nameA: textOrNull(row, "kind_a") ?? String(a),
      nameB: textOrNull(row, "kind_b") ?? String(b),
      why: textOrNull(row, "why") ?? "",
      together: number(row, "together"),
      cosine: number(row, "cosine"),
      ofA,
      ofB,
      middle,
      other: find((row) => half(row) && row.middle !== true),
      aBeyondB: part("a beyond b"),
      bBeyondA: part("b beyond a"),
    };
  });
}

function readPicture(folder: string, row: Row): RefinedPicture {
  const list = (name: string) => (Array.isArray(row[name]) ? row[name].map(Number) : []);
  return {
    url: `${folder}/${textOrNull(row, "picture") ?? ""}`,
    cosine: number(row, "cosine"),
    rankA: number(row, "rank_a"),
    rankB: number(row, "rank_b"),
    cropsA: list("crops_a"),
    cropsB: list("crops_b"),
    overlap: numberOrNull(row, "overlap"),
    verdict: textOrNull(row, "verdict") ?? "",
  };
}

/** The refined picture at share `t` of the way from feature `a` to `b`, and what it is of; undefined where there is none. */
export function refinedAt(
  { ofA, ofB, middle, aBeyondB, bBeyondA, ...pair }: Combination,
  a: number,
  t: number,
  apart: boolean,
): RefinedPicture | undefined {
  const fromA = pair.a === a ? t : 1 - t;
  if (fromA === 0.5) return apart ? undefined : middle;
  if (fromA === 0) return apart ? aBeyondB : ofA;
  if (fromA === 1) return apart ? bBeyondA : ofB;
  return undefined;
}
