/** The first component as a mask of what an image is about, and how well a mask meets the truth. */

import { type Interval, type Principal, quantiles } from "@optogram/statistics";
import { replicates } from "./activations.ts";
import type { Grid } from "./truth.ts";

/** Whether a patch lies at the edge of its grid. */
export function isAtBorder(patch: number, [rows, columns]: Grid): boolean {
  const [row, column] = [Math.floor(patch / columns), patch % columns];
  return row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
}

/**
 * Components of which the first has the subject on its positive side: things are rarer at the border than in the middle,
 * so the border's tokens are to lie on the negative side on average. Others keep their sign.
 * @param border [d], the mean of the border's tokens
 */
export function subjectSide(
  found: Principal,
  border: Float64Array,
): { principal: Principal; turned: boolean } {
  const { mean, components } = found;
  let at = 0;
  for (let j = 0; j < mean.length; j++) at += (border[j] - mean[j]) * components[j];
  if (at <= 0) return { principal: found, turned: false };
  const other = components.slice();
  for (let j = 0; j < mean.length; j++) other[j] = -other[j];
  return { principal: { ...found, components: other }, turned: true };
}

/** Intersection over union with things that cover a share of each patch: pixel by pixel, the mask being whole patches. */
export function overlap(inMask: (patch: number) => boolean, coverage: Float32Array): number {
  let both = 0;
  let either = 0;
  for (let patch = 0; patch < coverage.length; patch++) {
    const here = inMask(patch);
    if (here) both += coverage[patch];
    either += here ? 1 : coverage[patch];
  }
  // Nothing masked where nothing is to be seen is right.
  return either === 0 ? 1 : both / either;
}

/** `count` values from `low` to `high`. */
export function steps(low: number, high: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

export interface CurvePoint extends Interval {
  readonly threshold: number;
}

/** Scores against thresholds: how they are spread, and the mean IoU of the mask above each. */
export class ThresholdCurve {
  readonly thresholds: Float64Array;
  readonly #spread: Float64Array;
  /** Scores between two thresholds, one outside included at either end. */
  readonly #sums: Float64Array;
  readonly #drawn: Float64Array[];
  readonly #weights = new Float64Array(replicates);
  #images = 0;

  constructor(thresholds: Float64Array) {
    this.thresholds = thresholds;
    this.#spread = new Float64Array(thresholds.length + 1);
    this.#sums = new Float64Array(thresholds.length);
    this.#drawn = Array.from({ length: replicates }, () => new Float64Array(thresholds.length));
  }

  /** Adds an image's scores, one a patch. */
  addScores(scores: Float32Array): void {
    for (const score of scores) this.#spread[this.#binOf(score)]++;
  }

  /** Adds how an image's masks meet what truly covers its patches. `weights`: of the image in the bootstrap samples. */
  addTruth(scores: Float32Array, coverage: Float32Array, weights: Uint8Array): void {
    // Lowering the threshold takes patches in, those of a bin at a time.
    const n = this.thresholds.length;
    const patches = new Float64Array(n + 1);
    const covered = new Float64Array(n + 1);
    let truth = 0;
    for (let patch = 0; patch < scores.length; patch++) {
      const bin = this.#binOf(scores[patch]);
      patches[bin]++;
      covered[bin] += coverage[patch];
      truth += coverage[patch];
    }
    let [taken, both] = [0, 0];
    const iou = new Float64Array(n);
    for (let t = n - 1; t >= 0; t--) {
      taken += patches[t + 1];
      both += covered[t + 1];
      const either = taken + truth - both;
      iou[t] = either === 0 ? 1 : both / either;
    }
    for (let t = 0; t < n; t++) this.#sums[t] += iou[t];
    for (let r = 0; r < replicates; r++) {
      if (weights[r] === 0) continue;
      this.#weights[r] += weights[r];
      for (let t = 0; t < n; t++) this.#drawn[r][t] += weights[r] * iou[t];
    }
    this.#images++;
  }

  /** Thresholds at or below the score. */
  #binOf(score: number): number {
    const { thresholds } = this;
    const low = thresholds[0];
    const step = thresholds[1] - low;
    return Math.max(0, Math.min(thresholds.length, Math.floor((score - low) / step) + 1));
  }

  /** The threshold that leaves least variance within its two sides (Otsu 1979), among those of the curve. */
  otsu(): number {
    const { thresholds } = this;
    const middle = (bin: number) => {
      const step = thresholds[1] - thresholds[0];
      return thresholds[0] + (bin - 0.5) * step;
    };
    const total = this.#spread.reduce((sum, n) => sum + n, 0);
    const whole = this.#spread.reduce((sum, n, bin) => sum + n * middle(bin), 0);
    let [n, sum, best, most] = [0, 0, 0, -1];
    for (let t = 0; t < thresholds.length; t++) {
      n += this.#spread[t];
      sum += this.#spread[t] * middle(t);
      if (n === 0 || n === total) continue;
      const between = n * (total - n) * (sum / n - (whole - sum) / (total - n)) ** 2;
      if (between > most) [best, most] = [t, between];
    }
    return thresholds[best];
  }

  /** Mean IoU by threshold with its 95 % interval over images; none where no truth was added. */
  points(): CurvePoint[] {
    if (this.#images === 0) return [];
    const drawn = this.#drawn
      .map((sums, r) => ({ sums, weight: this.#weights[r] }))
      .filter(({ weight }) => weight);
    return Array.from(this.thresholds, (threshold, t) => {
      const mean = this.#sums[t] / this.#images;
      const [low, high] =
        drawn.length > 0
          ? quantiles(
              drawn.map(({ sums, weight }) => sums[t] / weight),
              [0.025, 0.975],
            )
          : [mean, mean];
      return { threshold, mean, low, high };
    });
  }
}
