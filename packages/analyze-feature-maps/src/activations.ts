/** How activations are distributed: of a whole layer, and of single channels. */

import {
  type Interval,
  laplaceCumulative,
  normalTail,
  poissonWeights,
  QuantileSketch,
  quantiles,
  Shape,
  seededRandom,
} from "@optogram/statistics";

/** Bootstrap samples behind an interval. */
export const replicates = 200;
/** Values farther from the mean than so many standard deviations are outliers. */
export const outlierDeviations = 4;
/** Bars of a histogram. */
export const bars = 64;

export type MomentName = "mean" | "deviation" | "skewness" | "kurtosis";
const momentNames: readonly MomentName[] = ["mean", "deviation", "skewness", "kurtosis"];

export interface Bars {
  readonly low: number;
  readonly high: number;
  /** Values in each of equal bins. */
  readonly counts: Float64Array;
}

export interface Distribution {
  readonly count: number;
  /** Exact, with the 95 % interval over images. */
  readonly moments: Readonly<Record<MomentName, Interval>>;
  /** Exact. */
  readonly least: number;
  readonly most: number;
  /** Within 1 % of their size: 1st, 25th, 50th, 75th and 99th percentile. */
  readonly percentiles: readonly number[];
  readonly outliers: number;
  /** Kolmogorov's and Smirnov's distance to the fitted distribution; true ones are larger by `error` at most. */
  readonly normal: { readonly distance: number; readonly error: number };
  readonly laplace: {
    readonly distance: number;
    readonly error: number;
    readonly location: number;
    readonly scale: number;
  };
  /** From the least to the most, and the middle 98 %. */
  readonly all: Bars;
  readonly middle: Bars;
}

/** Values of any number of images in bounded memory. */
export class Activations {
  readonly #shape = new Shape();
  readonly #sketch = new QuantileSketch();
  readonly #drawn = Array.from({ length: replicates }, () => new Shape());

  /** Adds an image's values; `weights`: how often each bootstrap sample holds the image. */
  add(values: Float32Array, weights: Uint8Array): void {
    const image = Shape.of(values);
    this.#shape.merge(image);
    this.#sketch.add(values);
    for (const [i, shape] of this.#drawn.entries()) shape.merge(image, weights[i]);
  }

  distribution(): Distribution {
    const [shape, sketch] = [this.#shape, this.#sketch];
    const { mean, deviation } = shape;
    const percentiles = [0.01, 0.25, 0.5, 0.75, 0.99].map((p) => sketch.quantile(p));
    const [location, scale] = [percentiles[2], sketch.meanDistance(percentiles[2])];
    const bounds = outlierDeviations * deviation;
    const barsOf = (low: number, high: number): Bars => ({
      ...{ low, high },
      counts: sketch.histogram(bars, low, high),
    });
    return {
      count: shape.count,
      moments: Object.fromEntries(
        momentNames.map((name) => [name, this.#interval(name)]),
      ) as unknown as Distribution["moments"],
      least: sketch.least,
      most: sketch.most,
      percentiles,
      outliers: sketch.shareOutside(mean - bounds, mean + bounds),
      normal: sketch.distanceTo((x) => 1 - normalTail((x - mean) / (deviation || 1))),
      laplace: {
        ...sketch.distanceTo((x) => laplaceCumulative(x, location, scale || 1)),
        ...{ location, scale },
      },
      all: barsOf(sketch.least, sketch.most),
      middle: barsOf(percentiles[0], percentiles[4]),
    };
  }

  #interval(name: MomentName): Interval {
    // A sample of few images may hold none of them.
    const drawn = this.#drawn.filter(({ count }) => count > 0).map((shape) => shape[name]);
    const value = this.#shape[name];
    const [low, high] = drawn.length > 0 ? quantiles(drawn, [0.025, 0.975]) : [value, value];
    return { mean: value, low, high };
  }
}

/** The weights of an image in all bootstrap samples: the same wherever it is asked for. */
export function weightsOf(seed: number, position: number): Uint8Array {
  return poissonWeights(replicates, seededRandom(seed, position));
}
