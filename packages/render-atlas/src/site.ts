/**
 * What `atlas.json` says: the one contract between the stage that writes an atlas and the page that shows it.
 * Types only, so that the page can import them without anything of Node.
 */

import type { SiteMaps } from "./site-maps.ts";
import type { SiteWords } from "./site-words.ts";

export type * from "./site-maps.ts";
export type * from "./site-words.ts";

/** Raised whenever a page built for the older layout could no longer read what the stage writes. */
export type SiteVersion = 1;

/** Pages whose data an atlas holds; the page shows no way to any other. */
export type PageName =
  | "map"
  | "features"
  | "feature"
  | "gallery"
  | "photo"
  | "combine"
  | "compare"
  | "encoders"
  | "maps"
  | "words"
  | "superposition"
  | "spread"
  | "about";

export interface Site {
  readonly schemaVersion: SiteVersion;
  readonly title: string;
  readonly pages: readonly PageName[];
  /** In the pipeline's order; those without a map are compared with, not walked through. */
  readonly encoders: readonly SiteEncoder[];
  readonly superposition?: SiteSuperposition;
  readonly evaluation?: SiteEvaluation;
  /** One an encoder and layer. */
  readonly operators?: readonly SiteOperators[];
  /** One an encoder. */
  readonly maps?: readonly SiteMaps[];
  /** One an encoder that reads texts. */
  readonly words?: readonly SiteWords[];
}

/** Encoders ranked by how much of an image their tokens keep. They need not be those that can be walked through. */
export interface SiteEvaluation {
  /** Images that were judged. */
  readonly images: number;
  /** Whether colours were taken from both pictures before any score. */
  readonly grey: boolean;
  readonly judges: readonly { readonly name: string; readonly title: string; readonly compared: boolean }[];
  readonly measures: readonly SiteMeasure[];
  readonly entries: readonly SiteEntry[];
  /** One sheet of pictures: the one in row r and column c begins at (c, r) × (`side` + `gap`) pixels. */
  readonly pictures: SiteFile & {
    readonly side: number;
    readonly gap: number;
    /** What the images are called. */
    readonly columns: readonly string[];
    /** `original`, then entries by id. */
    readonly rows: readonly string[];
  };
  readonly ranking: SiteTable;
  readonly comparisons: SiteTable;
  /** Two families in pairs, where some were named. */
  readonly families?: SiteTable;
  readonly provenance: SiteProvenance;
}

export interface SiteMeasure {
  readonly key: string;
  /** For people, with its unit. */
  readonly title: string;
  readonly better: "higher" | "lower";
  /** Name of the judge, of a cosine. */
  readonly judge?: string;
}

/** What painted images: an encoder with its reconstructor, or a control. */
export interface SiteEntry {
  readonly id: string;
  readonly kind: "encoder" | "random-weights" | "shuffled-tokens" | "mean-image" | "pixels";
  readonly encoder?: {
    readonly name: string;
    readonly title: string;
    readonly objective?: string;
    readonly layer: string;
    /** One above the highest for the last. */
    readonly block?: number;
    readonly tokens: number;
    /** Numbers of a token. */
    readonly width: number;
    /** [height, width] in pixels. */
    readonly input: readonly [number, number];
  };
}

/** Maps of an encoder's tokens that do what a change does in pixels. */
export interface SiteOperators {
  readonly encoder: string;
  readonly layer: string;
  /** Images that the operators were judged on. */
  readonly images: number;
  /** In the order that the tables number them. */
  readonly changes: readonly {
    readonly name: string;
    /** Rows `image`, `changed`, `repainted`, `changed-repainted` and operators: x, T(x), R(f(x)), R(f(T(x))), R(Q f(x)). */
    readonly sheet: SiteGrid;
  }[];
  readonly operators: readonly string[];
  /** The first image and its most moved channels: rows `CHANGE before` and `CHANGE after`. */
  readonly channels: SiteGrid;
  readonly tables: Readonly<Record<"maps" | "means" | "eigenvalues", SiteTable>>;
  readonly provenance: SiteProvenance;
}

/** Pictures of one size in rows, `gap` pixels apart. */
export interface SiteGrid extends SiteFile {
  /** Of the whole, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  /** What each row shows. */
  readonly rows: readonly string[];
  readonly gap: number;
}

/** Ten classes of digits in a network's two numbers, a frame a step of training. It belongs to no encoder. */
export interface SiteSuperposition {
  /** A row a frame; the README of render-atlas says how positions are packed. */
  readonly frames: SiteTable;
  /** A row a shown digit, class after class: its label. */
  readonly points: SiteTable;
  /** One picture of all shown digits in the points' order, row by row: white ink on black. */
  readonly digits: SiteFile & { readonly columns: number; readonly side: number };
  /** Whether the digits were drawn; else they are MNIST's. */
  readonly drawn: boolean;
  /** Digits that the network learnt from. */
  readonly training: number;
  /** Digits that it was judged on at the end, and the share that it told apart. */
  readonly heldOut: { readonly digits: number; readonly accuracy: number };
  readonly provenance: SiteProvenance;
}

export interface SiteEncoder {
  readonly name: string;
  /** Path of this encoder's files below the site's root, without a slash at its end. */
  readonly folder: string;
  /** Length of an embedding. */
  readonly dimensions: number;
  /** Features in the dictionary, dead ones included. */
  readonly latents: number;
  readonly living: number;
  readonly images: SiteImages;
  readonly map?: SiteMap;
  readonly sheets?: SiteSheets;
  readonly cover?: SiteCover;
  readonly live?: SiteLive;
  readonly probes?: SiteProbes;
  readonly tables: Partial<Record<TableName, SiteTable>>;
  /** Metrics of every artifact by the role it plays here. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly provenance: readonly SiteProvenance[];
}

export interface SiteImages {
  /** The image source in words, such as `24,000 scenes drawn from seed 1`. */
  readonly description: string;
  readonly count: number;
}

/** A DeepZoom pyramid without overlap whose deepest level has exactly one tile a feature. */
export interface SiteMap {
  /** Path of the `.dzi` file; level L's tile in column c and row r is `${path without .dzi}_files/L/c_r.EXTENSION`. */
  readonly url: string;
  readonly extension: string;
  readonly columns: number;
  readonly rows: number;
  /** Edge of a tile, and so of a feature's picture, in pixels. */
  readonly tileSize: number;
  readonly levels: number;
}

/** One picture a feature with its top images: the first fills `hero` × `hero` cells at the left, the others follow row by row. */
export interface SiteSheets {
  readonly url: string;
  readonly extension: string;
  readonly columns: number;
  readonly rows: number;
  readonly hero: number;
  /** Edge of a cell in pixels. */
  readonly cell: number;
}

/** One picture of the strongest features, packed without gaps in the map's order: what the start page shows first. */
export interface SiteCover {
  readonly url: string;
  readonly columns: number;
  readonly rows: number;
  /** Edge of a cell in pixels. */
  readonly cell: number;
  /** The feature in each cell, row by row. */
  readonly features: readonly number[];
}

/** Networks that the page runs itself. Pixels are RGB from 0 to 1, channels first. */
export interface SiteLive {
  /** ONNX: `pixels` [1, 3, height, width] → `embedding` [1, d] of unit length. */
  readonly encoder: SiteFile & {
    readonly height: number;
    readonly width: number;
    /** cover crops a picture's middle, squash changes its proportions. */
    readonly resize: "cover" | "squash";
  };
  /** safetensors: W_enc [d, m], b_enc [m], W_dec [m, d], b_dec [d]. A code keeps the `active` largest. */
  readonly sae: SiteFile & { readonly active: number };
  /** ONNX: unit `directions` [batch, d] → `pictures` [batch, 3, size, size]. */
  readonly decoder: SiteFile & { readonly size: number };
}

/** Things whose size, number and wholeness vary: one sheet of pictures each, in the cells that the table `probes` names, row by row. */
export interface SiteProbes {
  /** The sheet of thing t is `${url}/t.EXTENSION`. */
  readonly url: string;
  readonly extension: string;
  readonly columns: number;
  readonly rows: number;
  /** Edge of a cell in pixels. */
  readonly cell: number;
  /** Names, in the order that the tables number them. */
  readonly things: readonly string[];
}

export interface SiteFile {
  readonly url: string;
  readonly bytes: number;
}

export type TableName =
  | "features"
  | "histograms"
  | "tops"
  | "neighbours"
  | "regions"
  | "truth"
  | "history"
  | "probes"
  | "splits"
  | "pairs"
  | "combinations"
  | "originals"
  | "generations"
  | "differences";

export interface SiteTable {
  readonly url: string;
  readonly bytes: number;
  readonly rows: number;
}

export interface SiteProvenance {
  /** `features`, `sae`, or the role of what was made of these. */
  readonly role: string;
  readonly kind: string;
  readonly stage: string;
  readonly digest: string;
  readonly device: string;
  readonly parameters: unknown;
  readonly inputs: Readonly<Record<string, { readonly kind: string; readonly digest: string }>>;
  readonly versions: Readonly<Record<string, string>>;
}
