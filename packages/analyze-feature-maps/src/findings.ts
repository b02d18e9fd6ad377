/** All that was found of a layer. */

import { bootstrapMean, type Interval } from "@optogram/statistics";
import { type Drawn, drawMaps } from "./draw-maps.ts";
import { type Cut, findSubjects, type Subject } from "./find-subjects.ts";
import type { LayerShape, Phases, Study } from "./study.ts";
import { type Masked, type MaskMethod, maskMethods, sumMasked } from "./sum-masked.ts";
import { type LayerSummary, sumUp } from "./sum-up.ts";

export interface LayerFindings {
  readonly layer: LayerShape;
  readonly summary: LayerSummary;
  readonly subject: Subject;
  readonly masked: Masked;
  readonly drawn: Drawn;
}

export interface Wishes {
  /** Positions of the images to draw. */
  readonly shown: ReadonlySet<number>;
  /** Of the first component, in standard deviations; Otsu's where absent. */
  readonly threshold?: number | undefined;
}

/**
 * Four passes of all images through the encoder, in memory that does not grow with their number (but for a few numbers an
 * image whose truth is known).
 * @throws UserError where fewer than two images can be read or a token is not finite
 */
export async function analyse(study: Study, wishes: Wishes, phases: Phases): Promise<LayerFindings[]> {
  const summaries = await sumUp(study, phases);
  const subjects = await findSubjects(study, summaries, wishes.threshold, phases);
  const masked = await sumMasked(study, summaries, subjects, phases);
  const drawn = await drawMaps(study, wishes.shown, { summaries, subjects, masked }, phases);
  return study.layers.map((layer, i) => ({
    ...{ layer, summary: summaries[i], subject: subjects[i], masked: masked[i], drawn: drawn[i] },
  }));
}

export type Overlaps = Readonly<Record<MaskMethod, Interval>> & {
  /** Images. */
  readonly n: number;
  /** The largest mean IoU of any one threshold. It was chosen by the truth: an upper bound, not a score. */
  readonly best: Readonly<
    Record<"component" | "colour", { readonly threshold: number; readonly mean: number }>
  >;
};

/** Mean IoU with 95 % bootstrap intervals over images; absent where no truth is known. */
export function overlapsOf(
  { masked: { overlaps }, subject }: Pick<LayerFindings, "masked" | "subject">,
  seed: number,
): Overlaps | undefined {
  if (overlaps.length === 0) return undefined;
  const means = Object.fromEntries(
    maskMethods.map((method) => [
      method,
      bootstrapMean(
        overlaps.map(({ iou }) => [iou[method]]),
        { seed },
      ),
    ]),
  ) as Record<MaskMethod, Interval>;
  const best = ({ curve }: Cut) => {
    const { threshold, mean } = curve.reduce((most, point) => (point.mean > most.mean ? point : most));
    return { threshold, mean };
  };
  return {
    ...means,
    n: overlaps.length,
    best: { component: best(subject.component), colour: best(subject.colour) },
  };
}
