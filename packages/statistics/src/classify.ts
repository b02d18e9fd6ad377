/** What a simple classifier can read from embeddings: nearest neighbours and a linear probe. */

import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { nearestNeighbours, rowCount } from "./neighbours.ts";
import { meanRow } from "./rows.ts";

/** Labelled rows: row-major n × d, and the class of each row, 0 … classes − 1. */
export interface Labelled {
  readonly rows: Float32Array;
  readonly labels: ArrayLike<number>;
}

const voteTemperature = 0.07;

/**
 * Classes of `queries` (row-major, q × d) by a vote of the 20 nearest training rows by cosine similarity, each
 * vote weighing exp(similarity / 0.07) (Wu et al. 2018, the protocol that DINO reports). Ties go to the lower
 * class. With fewer than 20 training rows, all vote.
 */
export function knnClassify(train: Labelled, queries: Float32Array, d: number): Int32Array {
  const classes = classCount(train, d);
  const k = Math.min(20, train.labels.length);
  const { indices, scores } = nearestNeighbours(train.rows, d, k, "cosine", queries);
  const votes = new Float64Array(classes);
  return Int32Array.from({ length: indices.length / k }, (_, i) => {
    votes.fill(0);
    for (let r = i * k; r < (i + 1) * k; r++)
      votes[train.labels[indices[r]]] += Math.exp(scores[r] / voteTemperature);
    return argmax(votes, 0, classes);
  });
}

/** A linear classifier: scores = row · weights + bias. */
export interface LinearProbe {
  /** Row-major, d × classes, for rows as they come (the standardisation is folded in). */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  /** The class with the largest score for each row. */
  predict(rows: Float32Array): Int32Array;
}

const ridge = 1e-3;

/**
 * Ridge regression from standardised features to one-hot classes, in closed form: (XᵀX/n + 10⁻³ I)⁻¹ XᵀY/n on
 * features of mean 0 and deviation 1, with a free intercept. Not logistic regression: its accuracy is close and
 * it has no step count to choose.
 */
export function linearProbe(train: Labelled, d: number): LinearProbe {
  const classes = classCount(train, d);
  const { rows, labels } = train;
  const n = labels.length;
  const mean = meanRow(rows, d);
  const deviation = new Float64Array(d);
  for (let p = 0; p < rows.length; p++) deviation[p % d] += (rows[p] - mean[p % d]) ** 2 / n;
  // A feature that varies by no more than float32 rounds is left out by an infinite scale.
  for (let j = 0; j < d; j++)
    deviation[j] = deviation[j] > 1e-12 * mean[j] ** 2 ? Math.sqrt(deviation[j]) : Number.POSITIVE_INFINITY;
  const share = new Float64Array(classes);
  for (let i = 0; i < n; i++) share[labels[i]] += 1 / n;
  const gram = new Float64Array(d * d);
  const cross = Matrix.zeros(d, classes);
  const z = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) z[j] = (rows[i * d + j] - mean[j]) / deviation[j];
    for (let a = 0; a < d; a++) {
      const za = z[a] / n;
      for (let b = 0, at = a * d; b <= a; b++, at++) gram[at] += za * z[b];
      // Standardised features have mean 0, so the mean of the targets drops out of the product.
      cross.set(a, labels[i], cross.get(a, labels[i]) + za);
    }
  }
  const system = Matrix.zeros(d, d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      const value = gram[a * d + b] + (a === b ? ridge : 0);
      system.set(a, b, value).set(b, a, value);
    }
  const solution = new CholeskyDecomposition(system).solve(cross);
  const weights = new Float64Array(d * classes);
  const bias = Float64Array.from(share);
  for (let j = 0; j < d; j++)
    for (let c = 0; c < classes; c++) {
      const weight = solution.get(j, c) / deviation[j];
      weights[j * classes + c] = weight;
      bias[c] -= mean[j] * weight;
    }
  const predict = (queries: Float32Array): Int32Array => {
    const scores = new Float64Array(classes);
    return Int32Array.from({ length: rowCount(queries, d, "linear probe") }, (_, i) => {
      scores.set(bias);
      for (let j = 0; j < d; j++) {
        const x = queries[i * d + j];
        for (let c = 0; c < classes; c++) scores[c] += x * weights[j * classes + c];
      }
      return argmax(scores, 0, classes);
    });
  };
  return { weights, bias, predict };
}

/** The share of equal entries of two lists of the same length. */
export function accuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (predicted.length !== actual.length)
    throw new RangeError(`accuracy: ${predicted.length} predictions for ${actual.length} labels`);
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (predicted[i] === actual[i]) right++;
  return right / actual.length;
}

function classCount({ rows, labels }: Labelled, d: number): number {
  const n = rowCount(rows, d, "training rows");
  if (n !== labels.length || n === 0)
    throw new RangeError(`classify: ${n} rows with ${labels.length} labels`);
  let classes = 0;
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0))
      throw new RangeError(`classify: label ${i} is ${labels[i]}, not a class number`);
    classes = Math.max(classes, labels[i] + 1);
  }
  return classes;
}

function argmax(values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) if (values[i] > values[best]) best = i;
  return best;
}
