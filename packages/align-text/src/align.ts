/** What texts and images say of each other, all of it: arrays in, arrays out. */

import type { TextEncoder } from "@optogram/encoders";
import { type Confidence, type Fit, fitConfidence, heuristic } from "./confidence.ts";
import type { Features } from "./features.ts";
import { type Gap, modalityGap } from "./gap.ts";
import { type Directions, type Names, nameDirections } from "./names.ts";
import type { Parameters } from "./parameters.ts";
import type { ReadTexts } from "./read-texts.ts";
import { type Recall, recall } from "./retrieval.ts";
import { under } from "./rows.ts";
import { type Found, search } from "./search.ts";
import { classify, type ZeroShot } from "./zero-shot.ts";

export interface Alignment {
  readonly confidence: Confidence;
  /** Where there are labels to fit on. */
  readonly fit: Fit | undefined;
  readonly zeroShot: ZeroShot | undefined;
  /** Images for each query. */
  readonly found: Found | undefined;
  readonly recall: Recall | undefined;
  readonly gap: Gap | undefined;
  readonly names: Names | undefined;
}

export interface Joint {
  readonly features: Features;
  readonly texts: Pick<TextEncoder, "dimension" | "temperature" | "project">;
  readonly read: ReadTexts;
  readonly dictionary: Directions | undefined;
}

type Given = Pick<Parameters, "top" | "heuristic" | "seed">;

export async function align(given: Given, { features, texts, read, dictionary }: Joint): Promise<Alignment> {
  const { temperature, dimension: d } = texts;
  const { classes, directions, words, queries, captions } = read;
  const n = features.images.length;
  const images = texts.project(features.embeddings, n);
  const matches = (image: number, text: number) => classes?.shows(image, text);
  const fit = classes && fitConfidence({ images, texts: directions, d, matches }, given.seed);
  const captioned = under(captions.images.map((image) => images.subarray(image * d, (image + 1) * d)));
  const said = under([directions, words, queries, captions.rows]);
  const callable = under([directions, words]);
  const options = { k: Math.min(given.top, n), temperature };
  return {
    confidence: fit?.confidence ?? heuristic(given.heuristic),
    fit,
    zeroShot: classes && (await classify(images, directions, d, classes.of, { temperature })),
    found: queries.length > 0 ? await search(images, n, queries, d, options) : undefined,
    recall: captions.texts.length > 1 ? await recall(captioned, captions.rows, captions.texts, d) : undefined,
    gap: n > 1 && said.length > d ? modalityGap(images, said, d, given.seed) : undefined,
    names:
      dictionary && dictionary.features.length > 0 && callable.length > d
        ? nameDirections(texts.project(dictionary.rows, dictionary.features.length), callable, d)
        : undefined,
  };
}
