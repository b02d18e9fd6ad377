/**
 * The second pass: thresholds that part subjects from what is around them, how well any threshold does, and how rough maps
 * are within a region.
 */

import { type Interval, project } from "@optogram/statistics";
import { weightsOf } from "./activations.ts";
import type { Look } from "./look.ts";
import { drawnComponents, Roughness } from "./roughness.ts";
import { eachLook, type Phases, type Study } from "./study.ts";
import { type CurvePoint, steps, ThresholdCurve } from "./subject.ts";
import type { LayerSummary } from "./sum-up.ts";
import { borderDistances, type Grid, patchMeans } from "./truth.ts";

/** First components are counted in their own standard deviations. */
export const componentThresholds = steps(-3, 3, 121);
/** Distances of colours in ΔE 1976. */
const colourThresholds = steps(0, 90, 121);

export interface Cut {
  /** Scores above are the subject's. */
  readonly threshold: number;
  /** Mean IoU of any threshold; empty where the truth is not known. */
  readonly curve: readonly CurvePoint[];
}

export interface Subject {
  /** By the first component, in standard deviations from its mean. */
  readonly component: Cut;
  /** By the colour's distance from the border's: the baseline, on the same grid of patches. */
  readonly colour: Cut;
  /** Of the first components within a region; absent where no two neighbours lie in one. */
  readonly roughness?: Interval;
}

/** [tokens], each token along the first component in that component's standard deviations. */
export function subjectScores(
  tokens: Float32Array,
  { principal }: Pick<LayerSummary, "principal">,
): Float32Array {
  const deviation = Math.sqrt(principal.variance[0]) || 1;
  return project(tokens, principal, 1).map((score) => score / deviation);
}

/** [patches] of an image by grid, its pixels compared once. */
export function colourScores({ picture }: Look): (grid: Grid) => Float32Array {
  const distances = borderDistances(picture);
  return (grid) => patchMeans(distances, picture, grid);
}

/** @param wanted the threshold of the first component; Otsu's where none is given */
export async function findSubjects(
  study: Study,
  summaries: readonly LayerSummary[],
  wanted: number | undefined,
  phases: Phases,
): Promise<Subject[]> {
  const curves = study.layers.map(() => ({
    component: new ThresholdCurve(componentThresholds),
    colour: new ThresholdCurve(colourThresholds),
  }));
  const roughness = summaries.map(
    ({ principal }) => new Roughness(principal.variance.subarray(0, drawnComponents)),
  );
  const phase = phases("find subjects", study.positions.length);
  await eachLook(study, phase, (look) => {
    const weights = weightsOf(study.seed, look.position);
    const coloured = colourScores(look);
    for (const [i, { grid }] of study.layers.entries()) {
      const truth = look.truth?.(grid);
      const scores = { component: subjectScores(look.tokens[i], summaries[i]), colour: coloured(grid) };
      for (const by of ["component", "colour"] as const) {
        curves[i][by].addScores(scores[by]);
        if (truth) curves[i][by].addTruth(scores[by], truth.coverage, weights);
      }
      const drawn = project(look.tokens[i], summaries[i].principal, drawnComponents);
      roughness[i].add(drawn, grid, truth, weights);
    }
  });
  phase.done();
  return curves.map(({ component, colour }, i) => {
    const ratio = roughness[i].ratio();
    return {
      component: { threshold: wanted ?? component.otsu(), curve: component.points() },
      colour: { threshold: colour.otsu(), curve: colour.points() },
      ...(ratio && { roughness: ratio }),
    };
  });
}
