/** The scale on which pixels are compared: the encoder's own. */

import type { Preprocessing } from "@optogram/images";

type Triple = readonly [number, number, number];

/** Of red, green and blue from 0 to 1. */
export interface Colours {
  readonly mean: Triple;
  readonly std: Triple;
}

/** A deviation below this does not bring pixels to the size of one (Caffe's cards divide 0 to 255 by 1). */
const leastDeviation = 0.02;
/** About that of photos. */
const usualDeviation = 0.25;

/** The mean and deviation that the encoder's card normalises with. */
export function coloursOf({ mean, std, scale }: Preprocessing): Colours {
  const unit = scale === 1 ? 255 : 1;
  const deviation = (value: number) => (value / unit < leastDeviation ? usualDeviation : value / unit);
  return {
    mean: [mean[0] / unit, mean[1] / unit, mean[2] / unit],
    std: [deviation(std[0]), deviation(std[1]), deviation(std[2])],
  };
}

/** Pictures [n, 3, h, w] from 0 to 1, normalised; `plane` is h · w. */
export function normalised(pictures: Float32Array, plane: number, { mean, std }: Colours): Float32Array {
  const result = new Float32Array(pictures.length);
  for (let from = 0; from < pictures.length; from += plane) {
    const channel = (from / plane) % 3;
    for (let i = from; i < from + plane; i++) result[i] = (pictures[i] - mean[channel]) / std[channel];
  }
  return result;
}
