/** How rough a map is within what is truly one region: noise that no border of a thing explains. */

import { type Interval, quantiles } from "@optogram/statistics";
import { replicates } from "./activations.ts";
import type { Grid, PatchTruth } from "./truth.ts";

/** Components that a map is drawn with, and of which roughness is taken. */
export const drawnComponents = 3;

/** A patch is wholly of a region where things cover at least so much of it, or at most the rest. */
const wholly = 0.95;

/**
 * Geary's contiguity ratio (Geary 1954) of neighbouring patches within one region: the mean squared difference of the two,
 * over twice the variance of all tokens. 0 where a region has one value, 1 where neighbours are as unlike as any two tokens.
 * Neighbours share a side; both are wholly covered by things of the same kind, or by none. Where the truth is not known,
 * all neighbours count, those across borders too.
 */
export class Roughness {
  readonly #variance: number;
  /** Of all images, then of each bootstrap sample. */
  readonly #differences = new Float64Array(replicates + 1);
  readonly #pairs = new Float64Array(replicates + 1);

  /** @param variances of the drawn components over all tokens */
  constructor(variances: ArrayLike<number>) {
    this.#variance = Array.from(variances).reduce((sum, variance) => sum + variance, 0);
  }

  /**
   * Adds an image. `projections`: [patches, drawn components]; `weights`: of the image in the bootstrap samples.
   */
  add(
    projections: Float32Array,
    [rows, columns]: Grid,
    truth: PatchTruth | undefined,
    weights: Uint8Array,
  ): void {
    const width = projections.length / (rows * columns);
    let [differences, pairs] = [0, 0];
    const compare = (a: number, b: number) => {
      if (truth && !isSameRegion(truth, a, b)) return;
      for (let c = 0; c < width; c++)
        differences += (projections[a * width + c] - projections[b * width + c]) ** 2;
      pairs++;
    };
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const patch = row * columns + column;
        if (column + 1 < columns) compare(patch, patch + 1);
        if (row + 1 < rows) compare(patch, patch + columns);
      }
    this.#differences[0] += differences;
    this.#pairs[0] += pairs;
    for (let r = 0; r < replicates; r++) {
      this.#differences[r + 1] += weights[r] * differences;
      this.#pairs[r + 1] += weights[r] * pairs;
    }
  }

  /** With its 95 % interval over images; absent where there are no neighbours within a region. */
  ratio(): Interval | undefined {
    const ratios = Array.from(this.#pairs, (pairs, r) => this.#differences[r] / (2 * pairs * this.#variance));
    const [mean, ...drawn] = ratios;
    if (!Number.isFinite(mean)) return undefined;
    const [low, high] = quantiles(drawn.filter(Number.isFinite), [0.025, 0.975]);
    return { mean, low, high };
  }
}

function isSameRegion({ coverage, kind }: PatchTruth, a: number, b: number): boolean {
  const isThing = (patch: number) => coverage[patch] >= wholly;
  const isBackground = (patch: number) => coverage[patch] <= 1 - wholly;
  return (isThing(a) && isThing(b) && kind[a] === kind[b]) || (isBackground(a) && isBackground(b));
}
