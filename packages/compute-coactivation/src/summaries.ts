import { argsort, histogram } from "@optogram/statistics";
import type { Coactivation } from "./coactivation.ts";

export const histogramBins = 24;
export const topImages = 24;

/** What is known of each feature by itself. All arrays have one entry a feature unless said otherwise. */
export interface FeatureSummaries {
  /** Images where it is active, and their share of all images. */
  readonly count: Uint32Array;
  readonly density: Float32Array;
  /** Largest activation, mean activation where active, and mean activation over all images. */
  readonly max: Float32Array;
  readonly mean: Float32Array;
  readonly strength: Float32Array;
  /** Row-major, features × 24: how many activations lie in each of 24 equal bins from 0 to its max. */
  readonly histogram: Uint32Array;
  readonly tops: Tops;
}

/** The images with the largest activations of each feature, largest first, equal ones by image; at most 24. */
export interface Tops {
  readonly offsets: Uint32Array;
  readonly images: Uint32Array;
  readonly values: Float32Array;
}

export function summarise(coactivation: Coactivation): FeatureSummaries {
  const { features, counts } = coactivation;
  const [max, mean, strength] = [0, 0, 0].map(() => new Float32Array(features));
  const histograms = new Uint32Array(features * histogramBins);
  const offsets = new Uint32Array(features + 1);
  const images: number[] = [];
  const values: number[] = [];
  for (let f = 0; f < features; f++) {
    const active = coactivation.active(f);
    let sum = 0;
    for (const value of active.values) {
      sum += value;
      max[f] = Math.max(max[f], value);
    }
    mean[f] = counts[f] > 0 ? sum / counts[f] : 0;
    strength[f] = sum / coactivation.images;
    histograms.set(histogram(active.values, histogramBins, 0, max[f]), f * histogramBins);
    const order = argsort(active.values.map((value) => -value));
    for (const p of order.subarray(0, topImages)) {
      images.push(active.images[p]);
      values.push(active.values[p]);
    }
    offsets[f + 1] = images.length;
  }
  return {
    count: counts,
    density: Float32Array.from(counts, (count) => count / coactivation.images),
    max,
    mean,
    strength,
    histogram: histograms,
    tops: { offsets, images: Uint32Array.from(images), values: Float32Array.from(values) },
  };
}
