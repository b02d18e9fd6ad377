/** What feature-maps.json says: all of a layer that is no table. */

import { type EncoderParts, readCard } from "@optogram/encoders";
import { type ImageSource, inputSize } from "@optogram/images";
import { outlierDeviations } from "./activations.ts";
import { type LayerFindings, overlapsOf } from "./findings.ts";
import { scalesOf } from "./tables.ts";

export interface ShownImage {
  readonly position: number;
  readonly id: string;
  readonly label?: string;
  readonly caption?: string;
  /** Path of its picture. */
  readonly picture: string;
}

export interface AboutWork {
  readonly encoder: Pick<EncoderParts, "card">;
  /** Whether the weights were drawn anew. */
  readonly isRandom: boolean;
  readonly images: number;
  readonly shown: readonly ShownImage[];
  readonly seed: number;
  readonly threshold: number | undefined;
}

export function aboutOf(findings: readonly LayerFindings[], work: AboutWork) {
  const { card } = work.encoder;
  return {
    encoder: {
      ...{ name: card.name, title: card.title, isRandom: work.isRandom },
      ...(card.objective !== undefined && { objective: card.objective }),
      ...(card.trainedOn !== undefined && { trainedOn: card.trainedOn }),
    },
    input: [...inputSize(card.input.preprocessing)],
    images: work.images,
    shown: work.shown,
    thresholdRule: work.threshold === undefined ? "otsu" : "given",
    outlierDeviations,
    layers: findings.map((found) => layerOf(found, work.seed)),
  };
}

function layerOf(found: LayerFindings, seed: number) {
  const { layer, summary, subject, masked, drawn } = found;
  const { principal } = summary;
  const scales = scalesOf(found);
  const iou = overlapsOf(found, seed);
  return {
    ...{ name: layer.name, grid: [...layer.grid], width: layer.width, channels: [...layer.channels] },
    tokens: summary.tokens,
    ratio: Array.from(principal.ratio),
    deviation: Math.sqrt(principal.variance[0]),
    turned: summary.turned,
    low: scales.map(({ low }) => low),
    step: scales.map(({ step }) => step),
    threshold: subject.component.threshold,
    masked: { share: masked.share, ratio: Array.from(masked.principal?.ratio ?? []) },
    ...(iou && { iou }),
    ...(subject.roughness && { roughness: subject.roughness }),
    answers: [...drawn.answers],
  };
}

/** Card and control in one. */
export async function isControl(encoder: string): Promise<boolean> {
  return (await readCard(encoder)).randomSeed !== undefined;
}

export async function shownImages(source: ImageSource, positions: readonly number[]): Promise<ShownImage[]> {
  return Promise.all(
    positions.map(async (position, i) => {
      const { id, label, caption } = await source.record(position);
      return {
        ...{ position, id, picture: `pictures/${i}.webp` },
        ...(label !== undefined && { label }),
        ...(caption !== undefined && { caption }),
      };
    }),
  );
}
