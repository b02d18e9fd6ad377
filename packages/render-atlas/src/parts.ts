import type { ImageSource } from "@optogram/images";
import type { CombinationsPart } from "./combinations.ts";
import type { ProbesPart } from "./probes.ts";
import type { Shown } from "./shown.ts";
import type { SiteProvenance } from "./site.ts";
import type { SpreadPart } from "./spread.ts";

/** All that an atlas shows of one encoder, as flat arrays. */
export interface EncoderParts {
  readonly name: string;
  /** Length of an embedding. */
  readonly dimensions: number;
  readonly images: ImagesPart;
  readonly sae: SaePart;
  /** Absent for an encoder that others are only compared with. */
  readonly coactivation?: CoactivationPart;
  /** Absent where no decoder was trained. */
  readonly live?: LivePart;
  /** Absent where no pictures were drawn. */
  readonly pictures?: PicturesPart;
  /** Absent where no pairs were combined. */
  readonly combinations?: CombinationsPart;
  /** Absent where no images were spread. */
  readonly spread?: SpreadPart;
  /** Absent where no features were probed. */
  readonly probes?: ProbesPart;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly provenance: readonly SiteProvenance[];
}

export interface ImagesPart {
  /** The image source in words. */
  readonly description: string;
  readonly source: ImageSource;
  /** Position in the source of each image that was read. */
  readonly image: ArrayLike<number>;
  readonly id: readonly (string | null)[];
  readonly label: readonly (string | null)[];
  readonly caption: readonly (string | null)[];
  readonly shown: Shown;
}

/** One entry a feature; `truth` and `history` where the artifact has them. */
export interface SaePart {
  readonly density: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly dead: readonly boolean[];
  readonly truth?: TruthPart;
  readonly history?: HistoryPart;
}

/** One entry a kind. */
export interface TruthPart {
  readonly kind: readonly string[];
  readonly images: ArrayLike<number>;
  readonly feature: ArrayLike<number>;
  readonly auroc: ArrayLike<number>;
  readonly dimension: ArrayLike<number>;
  readonly dimensionAuroc: ArrayLike<number>;
}

/** Columns of numbers by name, one entry a logged step. */
export type HistoryPart = Readonly<Record<string, ArrayLike<number>>>;

/** One entry a feature on the map, and below it their tops and neighbours in order of feature and rank. */
export interface CoactivationPart {
  readonly feature: ArrayLike<number>;
  readonly column: ArrayLike<number>;
  readonly row: ArrayLike<number>;
  readonly strength: ArrayLike<number>;
  readonly count: ArrayLike<number>;
  readonly region: ArrayLike<number>;
  /** What most of its top images show, or a name by words. */
  readonly label: readonly (string | null)[];
  readonly byWords: readonly boolean[];
  readonly histogram: readonly ArrayLike<number>[];
  readonly regions: { readonly region: ArrayLike<number>; readonly label: readonly (string | null)[] };
  readonly tops: {
    readonly feature: ArrayLike<number>;
    readonly rank: ArrayLike<number>;
    readonly image: ArrayLike<number>;
    readonly value: ArrayLike<number>;
  };
  readonly neighbours: {
    readonly feature: ArrayLike<number>;
    readonly relation: readonly (string | null)[];
    readonly rank: ArrayLike<number>;
    readonly other: ArrayLike<number>;
    readonly score: ArrayLike<number>;
    readonly count: ArrayLike<number>;
  };
}

/** One entry a feature that was drawn: what the encoder says points in its direction. */
export interface PicturesPart {
  readonly feature: ArrayLike<number>;
  /** PNG files. */
  readonly picture: readonly Uint8Array[];
  /** How it was made. */
  readonly method: readonly (string | null)[];
  /** Cosine of the picture's embedding with the feature's direction, under fresh augmentations. */
  readonly cosine: ArrayLike<number>;
  /** The same of the image that comes nearest to it. */
  readonly imageCosine: ArrayLike<number>;
  /** Place of the feature among all that the picture excites, from 1. */
  readonly rank: ArrayLike<number>;
}

/** Networks for the page, as `SiteLive` describes them. */
export interface LivePart {
  readonly encoder: {
    readonly file: Uint8Array;
    readonly height: number;
    readonly width: number;
    readonly resize: "cover" | "squash";
  };
  readonly sae: { readonly file: Uint8Array; readonly active: number };
  readonly decoder: { readonly file: Uint8Array; readonly size: number };
}

/** The most columns or rows of the page's grid: beyond it, something is wrong with the artifact. */
const mostCells = 4096;

/** Columns and rows of the grid that the features' cells span. */
export function gridSize({ column, row }: CoactivationPart): { columns: number; rows: number } {
  const extent = (cells: ArrayLike<number>) => {
    let most = 0;
    for (let i = 0; i < cells.length; i++) most = Math.max(most, cells[i]! + 1);
    return most;
  };
  const size = { columns: extent(column), rows: extent(row) };
  if (Math.max(size.columns, size.rows) > mostCells) {
    throw new RangeError(
      `map.parquet names a grid of ${size.columns} × ${size.rows}; at most ${mostCells} a side can be drawn`,
    );
  }
  return size;
}

/** The top images of each feature, strongest first. */
export function topImages({ tops }: CoactivationPart): ReadonlyMap<number, readonly number[]> {
  const ranked = new Map<number, { rank: number; image: number }[]>();
  for (let i = 0; i < tops.feature.length; i++) {
    const entry = { rank: tops.rank[i]!, image: tops.image[i]! };
    const list = ranked.get(tops.feature[i]!);
    if (list) list.push(entry);
    else ranked.set(tops.feature[i]!, [entry]);
  }
  return new Map(
    [...ranked].map(([feature, list]) => [
      feature,
      list.sort((a, b) => a.rank - b.rank).map(({ image }) => image),
    ]),
  );
}
