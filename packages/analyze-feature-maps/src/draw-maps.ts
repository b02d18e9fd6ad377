/** The last pass: maps of the shown images, and what the components of masked tokens answer to over all images. */

import { meanRow, type Principal, pca, principalComponents, project } from "@optogram/statistics";
import { type Answer, background, KindSums } from "./answers.ts";
import { columnsToBytes } from "./bytes.ts";
import { type Subject, subjectScores } from "./find-subjects.ts";
import type { Look } from "./look.ts";
import { eachLook, type LayerShape, type Phases, type Study } from "./study.ts";
import type { Masked } from "./sum-masked.ts";
import type { LayerSummary } from "./sum-up.ts";

/** Colours of a picture. */
const three = 3;

/** One shown image at one layer. */
export interface ImageMaps {
  readonly position: number;
  /** [tokens, rank], along the components of all images. */
  readonly projections: Float32Array;
  /** [tokens, channels of the layer]. */
  readonly channels: Float32Array;
  /** [3, tokens], along the image's own first components, each from its least to its largest value. */
  readonly own: Uint8Array;
  /** [3], shares of the image's variance. */
  readonly ownRatio: Float32Array;
  /** [tokens], whether the token lies in the mask. */
  readonly mask: readonly boolean[];
  /** [tokens, 3], along the first components of all masked tokens; absent where there are none. */
  readonly masked?: Float32Array;
  /** [tokens], the share that things truly cover; absent where that is not known. */
  readonly coverage?: Float32Array;
}

export interface Drawn {
  readonly maps: readonly ImageMaps[];
  readonly answers: readonly Answer[];
}

export async function drawMaps(
  study: Study,
  shown: ReadonlySet<number>,
  found: { summaries: readonly LayerSummary[]; subjects: readonly Subject[]; masked: readonly Masked[] },
  phases: Phases,
): Promise<Drawn[]> {
  const { summaries, subjects, masked } = found;
  const known = masked.some(({ overlaps }) => overlaps.length > 0);
  // Where nothing is known of what is seen, there is nothing that components could answer to.
  const positions = known ? study.positions : study.positions.filter((position) => shown.has(position));
  const maps: ImageMaps[][] = study.layers.map(() => []);
  const sums = masked.map(({ principal }) => new KindSums(principal?.variance.length ?? 0));
  const phase = phases("draw feature maps", positions.length);
  await eachLook({ ...study, positions }, phase, (look) => {
    for (const [i, layer] of study.layers.entries()) {
      const tokens = look.tokens[i];
      const scores = subjectScores(tokens, summaries[i]);
      const mask = Array.from(scores, (score) => score > subjects[i].component.threshold);
      const { principal } = masked[i];
      const truth = look.truth?.(layer.grid);
      if (truth && principal) {
        const k = principal.variance.length;
        const along = project(tokens, principal);
        for (const [token, inside] of mask.entries())
          if (inside)
            sums[i].add(
              look.kinds[truth.kind[token]] ?? background,
              along.subarray(token * k, (token + 1) * k),
            );
      }
      if (!shown.has(look.position)) continue;
      maps[i].push({
        ...{ position: look.position, mask },
        ...mapsOf(look, i, layer, summaries[i]),
        ...(principal && { masked: project(tokens, principal, Math.min(three, principal.variance.length)) }),
        ...(truth && { coverage: truth.coverage }),
      });
    }
  });
  phase.done();
  return maps.map((list, i) => ({ maps: list, answers: sums[i].answers() }));
}

function mapsOf(
  { tokens }: Look,
  i: number,
  { width, channels }: LayerShape,
  { principal }: LayerSummary,
): Pick<ImageMaps, "projections" | "channels" | "own" | "ownRatio"> {
  const values = tokens[i];
  const count = values.length / width;
  const own = ownComponents(values, width);
  const single = new Float32Array(count * channels.length);
  for (let token = 0; token < count; token++)
    for (const [c, channel] of channels.entries())
      single[token * channels.length + c] = values[token * width + channel];
  return {
    projections: project(values, principal),
    channels: single,
    own: columnsToBytes(own.along, three),
    ownRatio: own.ratio,
  };
}

/**
 * One image's tokens [n, d] along its own first three components: [n, 3], zeros where there are fewer. With fewer tokens
 * than channels it is the eigenvectors of the n × n products that are sought: X Xᵀ u = λ u, and Xᵀ u is the component.
 */
export function ownComponents(tokens: Float32Array, d: number): { along: Float32Array; ratio: Float32Array } {
  const n = tokens.length / d;
  if (n < 2) return { along: new Float32Array(n * three), ratio: new Float32Array(three) };
  const found = n > d ? pca(tokens, d, Math.min(three, d)) : fromProducts(tokens, n, d);
  const k = found.variance.length;
  const along = project(tokens, found);
  const padded = new Float32Array(n * three);
  for (let token = 0; token < n; token++)
    padded.set(along.subarray(token * k, (token + 1) * k), token * three);
  const ratio = new Float32Array(three);
  ratio.set(found.ratio);
  return { along: padded, ratio };
}

function fromProducts(tokens: Float32Array, n: number, d: number): Principal {
  const mean = meanRow(tokens, d);
  const products = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0, p = a * d, q = b * d; j < d; j++, p++, q++)
        sum += (tokens[p] - mean[j]) * (tokens[q] - mean[j]);
      products[a * n + b] = products[b * n + a] = sum;
    }
  const k = Math.min(three, n - 1);
  const zeros = new Float64Array(n);
  const dual = principalComponents({ n, anchor: zeros, sums: zeros, products }, k);
  const components = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    const component = components.subarray(c * d, (c + 1) * d);
    for (let a = 0; a < n; a++)
      for (let j = 0; j < d; j++) component[j] += dual.components[c * n + a] * (tokens[a * d + j] - mean[j]);
    const length = Math.hypot(...component) || 1;
    const peak = component.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    for (let j = 0; j < d; j++) component[j] /= peak < 0 ? -length : length;
  }
  return { mean, components, variance: dual.variance, ratio: dual.ratio };
}
