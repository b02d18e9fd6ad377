/** What an atlas holds of feature maps. Types only, as all of the site's. */

import type { SiteFile, SiteProvenance, SiteTable } from "./site.ts";

/** Feature maps of one encoder. */
export interface SiteMaps {
  /** Unique among the site's; the encoder's name, with a number behind it where one was looked at twice. */
  readonly name: string;
  readonly title: string;
  /** A JSON file: `SiteMapsAbout`. */
  readonly about: SiteFile;
  readonly tables: Readonly<Record<"maps" | "statistics" | "histograms" | "curves", SiteTable>>;
  readonly provenance: SiteProvenance;
}

export interface SiteMapsAbout {
  readonly encoder: {
    readonly name: string;
    readonly title: string;
    readonly objective?: string;
    /** Whether the weights were drawn anew: a control. */
    readonly isRandom: boolean;
  };
  /** [height, width] in pixels. */
  readonly input: readonly [number, number];
  /** Images that everything is over, the shown ones among them. */
  readonly images: number;
  /** In the order that the table `maps` numbers them. */
  readonly shown: readonly SiteMapsImage[];
  readonly thresholdRule: "otsu" | "given";
  readonly outlierDeviations: number;
  /** In the order that the tables number them. */
  readonly layers: readonly SiteMapsLayer[];
}

export interface SiteMapsImage {
  readonly id: string;
  readonly label?: string;
  readonly caption?: string;
  /** Path of its picture below the site's root. */
  readonly picture: string;
}

export interface SiteMapsLayer {
  readonly name: string;
  /** [rows, columns] of tokens. */
  readonly grid: readonly [number, number];
  /** Channels. */
  readonly width: number;
  /** Channels that are drawn one by one. */
  readonly channels: readonly number[];
  /** Of all images. */
  readonly tokens: number;
  /** Share of the variance of each stored component. */
  readonly ratio: readonly number[];
  /** Standard deviation of the first component. */
  readonly deviation: number;
  /** A projection is low + step · byte, by component. */
  readonly low: readonly number[];
  readonly step: readonly number[];
  /** Where subjects begin on the first component, in its standard deviations. */
  readonly threshold: number;
  /** The share of tokens above the threshold, and the variance shares of their own components. */
  readonly masked: { readonly share: number; readonly ratio: readonly number[] };
  /** Where it is known what is truly seen. */
  readonly iou?: SiteMapsOverlaps;
  /**
   * Mean squared difference of neighbours within a region over twice the variance of all tokens, of the first three
   * components; where the truth is not known, of all neighbours.
   */
  readonly roughness?: SiteInterval;
  /** What the components of masked tokens answer to. */
  readonly answers: readonly {
    readonly component: number;
    readonly etaSquared: number;
    readonly kind: string;
    readonly correlation: number;
    readonly n: number;
  }[];
}

interface SiteInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean intersection over union with 95 % intervals over images. */
export type SiteMapsOverlaps = Readonly<Record<"component" | "colour" | "grid" | "frame", SiteInterval>> & {
  readonly n: number;
  readonly best: Readonly<
    Record<"component" | "colour", { readonly threshold: number; readonly mean: number }>
  >;
};
