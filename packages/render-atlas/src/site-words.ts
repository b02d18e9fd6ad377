/** What an atlas holds of texts and images. Types only, as all of the site's. */

import type { SiteFile, SiteImages, SiteProvenance, SiteTable } from "./site.ts";

/** Texts and images of one encoder that reads texts. */
export interface SiteWords {
  /** Of the encoder. */
  readonly name: string;
  readonly title: string;
  /** A JSON file: `SiteWordsAbout`. */
  readonly about: SiteFile;
  /**
   * `images`: a row a shown image, in the order of its embeddings; the others as align-text wrote them, `names` where
   * features were named and `reliability` where a confidence was fitted.
   */
  readonly tables: Readonly<Record<"images" | "texts" | "cosines", SiteTable>> &
    Partial<Readonly<Record<"names" | "reliability", SiteTable>>>;
  readonly provenance: SiteProvenance;
}

export interface SiteWordsAbout {
  /** Where they come from, and how many of them there are to find. */
  readonly images: SiteImages;
  /** The picture of row i of `images` is `${url}/i.EXTENSION`. */
  readonly pictures: { readonly url: string; readonly extension: string };
  /** safetensors: `images` [n, dimension] of unit length. */
  readonly embeddings: SiteFile;
  readonly dimension: number;
  /** ONNX: `ids` int64 [texts, context] → `embedding` [texts, dimension]. Word i of the vocabulary is token i + 1. */
  readonly text: SiteFile & {
    readonly texts: number;
    readonly context: number;
    readonly vocabulary: readonly string[];
  };
  /** ONNX: `pixels` [1, 3, height, width], RGB from 0 to 1 → `embedding` [1, dimension]. */
  readonly encoder: SiteFile & {
    readonly height: number;
    readonly width: number;
    readonly resize: "cover" | "squash";
  };
  /** What cosines are multiplied by before a softmax. */
  readonly temperature: number;
  /** σ((cosine − threshold) · temperature); a heuristic where nobody fitted the two numbers. */
  readonly confidence: {
    readonly threshold: number;
    readonly temperature: number;
    readonly slope: number;
    readonly fitted: boolean;
    readonly separable?: boolean;
  };
  /** Where fitted: on held-out pairs, with the heuristic of 0.08 and 25 before and the fitted values after. */
  readonly fit?: {
    /** Numbers of pairs, and the share of them that match. */
    readonly pairs: { readonly fitted: number; readonly heldOut: number; readonly matching: number };
    readonly before: SiteWordsJudged;
    readonly after: SiteWordsJudged;
  };
  /** Between modalities: mean cosines of pairs, and how far the means of images and of texts lie apart. */
  readonly gap?: Readonly<Record<"distance" | "images" | "texts" | "across", number>>;
}

export interface SiteWordsJudged {
  /** Expected calibration error over 15 bins, and Brier score. */
  readonly ece: number;
  readonly brier: number;
}
