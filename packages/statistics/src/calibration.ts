/** From a score to a probability: logistic calibration of one score, and how far to trust it. */

import { proportion, type Share } from "./proportion.ts";

export interface Calibration {
  /** What a difference of scores is multiplied by. At the threshold the probability climbs by temperature / 4 a unit. */
  readonly temperature: number;
  /** The score at which the probability is one half. */
  readonly threshold: number;
  /**
   * The scores tell the labels apart without an error, or all but, so that the likelihood grows with the temperature
   * without end. Platt's targets, (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2) instead of 1 and 0, keep it finite.
   */
  readonly separable: boolean;
}

/** σ((score − threshold) · temperature). */
export function confidence(
  score: number,
  { temperature, threshold }: Pick<Calibration, "temperature" | "threshold">,
): number {
  return logistic((score - threshold) * temperature);
}

const mostSteps = 100;

/**
 * Threshold and temperature of greatest likelihood for scores and labels of 1 and 0, by Newton's method with halved
 * steps (Platt 1999; Lin, Lin & Weng 2007). The temperature is negative where greater scores mean label 0.
 * @throws RangeError for scores that are all equal or no numbers, labels of one kind only, and where it does not converge
 */
export function calibrate(scores: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  const { mean, deviation, positives } = checked(scores, labels);
  const n = scores.length;
  const z = Float64Array.from(scores, (score) => (score - mean) / deviation);
  const targets = (negative: number, positive: number) =>
    Float64Array.from(labels, (label) => (label === 1 ? positive : negative));
  const start = Math.log(positives / (n - positives));
  const plain = isSeparable(scores, labels) ? undefined : greatestLikelihood(z, targets(0, 1), start);
  const platt = () => targets(1 / (n - positives + 2), (positives + 1) / (positives + 2));
  const found = plain ?? greatestLikelihood(z, platt(), start);
  if (!found) throw new RangeError(`calibrate: no maximum of the likelihood within ${mostSteps} steps`);
  const { slope, offset } = found;
  return {
    temperature: slope / deviation,
    threshold: mean - (offset * deviation) / slope,
    separable: !plain,
  };
}

/** Of Σ t log σ(x) + (1 − t) log σ(−x), x = slope z + offset; undefined where it lies too far out. */
function greatestLikelihood(z: Float64Array, target: Float64Array, start: number) {
  let [slope, offset] = [0, start];
  let loss = crossEntropy(z, target, slope, offset);
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(z, target, slope, offset);
    if (Math.hypot(...gradient) < 1e-12 * z.length) return { slope, offset };
    const [a, b, d] = hessian;
    const determinant = a * d - b * b;
    const [change, shift] = [
      (d * gradient[0] - b * gradient[1]) / determinant,
      (a * gradient[1] - b * gradient[0]) / determinant,
    ];
    let size = 1;
    let next = crossEntropy(z, target, slope - change, offset - shift);
    // A step that gains nothing, but for rounding, is too long.
    while (!(next <= loss + 1e-13 * Math.abs(loss)) && size > 1e-10) {
      size /= 2;
      next = crossEntropy(z, target, slope - size * change, offset - size * shift);
    }
    slope -= size * change;
    offset -= size * shift;
    loss = next;
  }
  return undefined;
}

export interface ReliabilityBin {
  /** Confidences of the bin lie from `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  /** Mean confidence. */
  readonly confidence: number;
  /** Share of label 1, with Wilson's interval. */
  readonly share: Share;
}

export interface Reliability {
  readonly n: number;
  /** Expected calibration error: mean over all of |confidence − share| of their bin (Naeini et al. 2015). */
  readonly ece: number;
  /** Mean of (confidence − label)² (Brier 1950). */
  readonly brier: number;
  /** Mean of −log of the probability given to the label, in nats. */
  readonly logLoss: number;
  /** Bins of equal width that hold anything. */
  readonly bins: readonly ReliabilityBin[];
}

/** How confidences in [0, 1] fare against labels of 1 and 0 that they were not fitted to. */
export function reliability(
  confidences: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 15,
): Reliability {
  const n = confidences.length;
  if (n === 0 || n !== labels.length)
    throw new RangeError(`reliability: ${n} confidences, ${labels.length} labels`);
  const count = new Float64Array(bins);
  const sum = new Float64Array(bins);
  const ones = new Float64Array(bins);
  let brier = 0;
  let logLoss = 0;
  for (let i = 0; i < n; i++) {
    const p = confidences[i];
    const bin = Math.min(bins - 1, Math.floor(p * bins));
    count[bin]++;
    sum[bin] += p;
    ones[bin] += labels[i];
    brier += (p - labels[i]) ** 2 / n;
    logLoss -= Math.log(Math.max(labels[i] === 1 ? p : 1 - p, Number.MIN_VALUE)) / n;
  }
  let ece = 0;
  const filled: ReliabilityBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    if (count[bin] === 0) continue;
    const share = proportion(ones[bin], count[bin]);
    const mean = sum[bin] / count[bin];
    ece += (count[bin] / n) * Math.abs(mean - share.value);
    filled.push({ from: bin / bins, to: (bin + 1) / bins, confidence: mean, share });
  }
  return { n, ece, brier, logLoss, bins: filled };
}

function checked(scores: ArrayLike<number>, labels: ArrayLike<number>) {
  const n = scores.length;
  if (n !== labels.length) throw new RangeError(`calibrate: ${n} scores, ${labels.length} labels`);
  let [sum, positives] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(scores[i])) throw new RangeError(`calibrate: score ${i} is ${scores[i]}`);
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`calibrate: label ${i} is ${labels[i]}`);
    sum += scores[i];
    positives += labels[i];
  }
  if (positives === 0 || positives === n)
    throw new RangeError("calibrate: pairs that match and pairs that do not are both needed");
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (scores[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / n);
  if (deviation < 1e-12 * Math.max(1, Math.abs(mean)))
    throw new RangeError("calibrate: the scores are all equal");
  return { mean, deviation, positives };
}

/** No threshold errs, or only on scores that equal it: then no finite temperature is best. */
function isSeparable(scores: ArrayLike<number>, labels: ArrayLike<number>): boolean {
  const lowest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const highest = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < scores.length; i++) {
    lowest[labels[i]] = Math.min(lowest[labels[i]], scores[i]);
    highest[labels[i]] = Math.max(highest[labels[i]], scores[i]);
  }
  return highest[0] <= lowest[1] || highest[1] <= lowest[0];
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** Σ log(1 + eˣ) − t x, x = slope z + offset. */
function crossEntropy(z: Float64Array, target: Float64Array, slope: number, offset: number): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    const x = slope * z[i] + offset;
    sum += Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - target[i] * x;
  }
  return sum;
}

/** Of the cross-entropy: the gradient by slope and offset, and the upper triangle of the Hessian. */
function derivatives(z: Float64Array, target: Float64Array, slope: number, offset: number) {
  const gradient: [number, number] = [0, 0];
  const hessian: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < z.length; i++) {
    const p = logistic(slope * z[i] + offset);
    const weight = p * (1 - p);
    gradient[0] += (p - target[i]) * z[i];
    gradient[1] += p - target[i];
    hessian[0] += weight * z[i] * z[i];
    hessian[1] += weight * z[i];
    hessian[2] += weight;
  }
  return { gradient, hessian };
}
