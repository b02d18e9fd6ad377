/** The third pass: components over the masked tokens of all images, and how well each image's mask meets the truth. */

import { type Principal, principalComponents } from "@optogram/statistics";
import { colourScores, type Subject, subjectScores } from "./find-subjects.ts";
import { openScatter } from "./scatter.ts";
import { eachLook, type Phases, type Study } from "./study.ts";
import { overlap } from "./subject.ts";
import type { LayerSummary } from "./sum-up.ts";

/** Components that are kept of masked tokens. */
export const maskedRank = 8;

/**
 * What masks: `component` and `colour` as found; `grid` marks patches that things truly cover by half, the most that whole
 * patches can do; `frame` marks everything, the least.
 */
export const maskMethods = ["component", "colour", "grid", "frame"] as const;
export type MaskMethod = (typeof maskMethods)[number];

export interface ImageOverlap {
  readonly position: number;
  readonly iou: Readonly<Record<MaskMethod, number>>;
}

export interface Masked {
  /** Share of all tokens. */
  readonly share: number;
  /** Absent where the mask holds fewer than two tokens. */
  readonly principal?: Principal;
  /** An entry an image whose truth is known. */
  readonly overlaps: readonly ImageOverlap[];
}

export async function sumMasked(
  study: Study,
  summaries: readonly LayerSummary[],
  subjects: readonly Subject[],
  phases: Phases,
): Promise<Masked[]> {
  const sums = await Promise.all(study.layers.map(({ width }) => openScatter(width, study.device)));
  const overlaps: ImageOverlap[][] = study.layers.map(() => []);
  const phase = phases("sum up subjects", study.positions.length);
  try {
    await eachLook(study, phase, async (look) => {
      const coloured = colourScores(look);
      for (const [i, { grid, width }] of study.layers.entries()) {
        const scores = subjectScores(look.tokens[i], summaries[i]);
        const { component, colour } = subjects[i];
        await sums[i].add(
          maskedTokens(look.tokens[i], width, (token) => scores[token] > component.threshold),
        );
        const truth = look.truth?.(grid);
        if (!truth) continue;
        const { coverage } = truth;
        const colours = coloured(grid);
        const inMask: Readonly<Record<MaskMethod, (patch: number) => boolean>> = {
          component: (patch) => scores[patch] > component.threshold,
          colour: (patch) => colours[patch] > colour.threshold,
          grid: (patch) => coverage[patch] >= 0.5,
          frame: () => true,
        };
        const iou = (method: MaskMethod) => overlap(inMask[method], coverage);
        overlaps[i].push({
          position: look.position,
          iou: {
            component: iou("component"),
            colour: iou("colour"),
            grid: iou("grid"),
            frame: iou("frame"),
          },
        });
      }
    });
    phase.done();
    return await Promise.all(
      sums.map(async (sum, i): Promise<Masked> => {
        const scatter = await sum.scatter();
        const k = Math.min(maskedRank, study.layers[i].width);
        return {
          share: scatter.n / summaries[i].tokens,
          ...(scatter.n >= 2 && { principal: principalComponents(scatter, k) }),
          overlaps: overlaps[i],
        };
      }),
    );
  } finally {
    await Promise.all(sums.map((sum) => sum.close()));
  }
}

function maskedTokens(tokens: Float32Array, width: number, inMask: (token: number) => boolean): Float32Array {
  const kept: number[] = [];
  for (let token = 0; token * width < tokens.length; token++) if (inMask(token)) kept.push(token);
  const result = new Float32Array(kept.length * width);
  for (const [at, token] of kept.entries())
    result.set(tokens.subarray(token * width, (token + 1) * width), at * width);
  return result;
}
