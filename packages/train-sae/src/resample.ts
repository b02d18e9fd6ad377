/**
 * Dead features are given new directions (Bricken et al. 2023, "Towards Monosemanticity", appendix on neuron
 * resampling): inputs are drawn with probability ∝ loss²; the drawn input, centred and at unit length, becomes the
 * dictionary row; the encoder column is the same direction at 0.2 × the mean norm of the living columns; the bias is 0;
 * Adam's moments of all touched weights are 0.
 */

import type { Tensor } from "@optogram/onnx";
import type { Random } from "@optogram/statistics";
import { tensorNames } from "./autoencoder.ts";
import type { Rows } from "./rows.ts";

export interface ResampleInput {
  /** Candidate inputs, and the autoencoder's loss at each. */
  readonly rows: Rows;
  readonly losses: ArrayLike<number>;
  readonly dead: readonly number[];
  readonly random: Random;
  /** Changed in place: the variable of that name. */
  readonly variable: (name: string) => Tensor;
}

const encoderScale = 0.2;

export function resample({ rows, losses, dead, random, variable }: ResampleInput): void {
  const array = (name: string) => variable(name).data as Float32Array;
  const encoder = array(tensorNames.encoderWeight);
  const decoder = array(tensorNames.decoderWeight);
  const median = array(tensorNames.decoderBias);
  const [m, d] = variable(tensorNames.decoderWeight).shape;
  const scale = encoderScale * meanLivingNorm(encoder, d, m, new Set(dead));
  const drawn = drawBySquare(losses, dead.length, random);
  dead.forEach((feature, i) => {
    const direction = Float32Array.from(median, (b, j) => rows.data[drawn[i] * d + j] - b);
    const length = Math.hypot(...direction) || 1;
    for (let j = 0; j < d; j++) {
      decoder[feature * d + j] = direction[j] / length;
      encoder[j * m + feature] = (scale * direction[j]) / length;
    }
    array(tensorNames.encoderBias)[feature] = 0;
    for (const moment of ["m", "v"]) {
      array(`${moment}.${tensorNames.decoderWeight}`).fill(0, feature * d, (feature + 1) * d);
      for (let j = 0; j < d; j++) array(`${moment}.${tensorNames.encoderWeight}`)[j * m + feature] = 0;
      array(`${moment}.${tensorNames.encoderBias}`)[feature] = 0;
    }
  });
}

function meanLivingNorm(encoder: Float32Array, d: number, m: number, dead: ReadonlySet<number>): number {
  const squares = new Float64Array(m);
  for (let j = 0; j < d; j++) for (let i = 0; i < m; i++) squares[i] += encoder[j * m + i] ** 2;
  let sum = 0;
  let living = 0;
  for (let i = 0; i < m; i++) {
    if (dead.has(i)) continue;
    sum += Math.sqrt(squares[i]);
    living++;
  }
  return living === 0 ? 1 : sum / living;
}

/** `count` rows, each with probability ∝ loss². */
function drawBySquare(losses: ArrayLike<number>, count: number, random: Random): number[] {
  const cumulative = new Float64Array(losses.length);
  let total = 0;
  for (let i = 0; i < losses.length; i++) cumulative[i] = total += losses[i] ** 2;
  return Array.from({ length: count }, () => {
    const target = random.uniform(0, total);
    let [low, high] = [0, losses.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
