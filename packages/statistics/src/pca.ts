import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { rowCount } from "./neighbours.ts";

/** Principal components of n rows of d: directions of largest variance, by falling variance. */
export interface Principal {
  /** [d] */
  readonly mean: Float64Array;
  /** Row-major, k × d, unit rows; the entry of largest size in each is positive. */
  readonly components: Float64Array;
  /** [k], with n − 1 in the denominator. */
  readonly variance: Float64Array;
  /** [k], the share of the whole variance. */
  readonly ratio: Float64Array;
}

/** The first `k` principal components of `rows` (row-major, n × d; n ≥ 2), from the covariance matrix. */
export function pca(rows: Float32Array | Float64Array, d: number, k: number): Principal {
  const n = rowCount(rows, d, "pca");
  if (n < 2 || !(k >= 1 && k <= d)) throw new RangeError(`pca: ${k} components of ${n} rows of ${d}`);
  const mean = new Float64Array(d);
  for (let p = 0; p < rows.length; p++) mean[p % d] += rows[p] / n;
  const covariance = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) centred[j] = rows[i * d + j] - mean[j];
    for (let a = 0; a < d; a++)
      for (let b = 0, at = a * d; b <= a; b++, at++) covariance[at] += centred[a] * centred[b];
  }
  const symmetric = Matrix.zeros(d, d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      const value = covariance[a * d + b] / (n - 1);
      symmetric.set(a, b, value).set(b, a, value);
    }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, j) => j).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const components = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    const column = eigenvectorMatrix.getColumn(order[c]);
    const peak = column.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    components.set(peak < 0 ? column.map((x) => -x) : column, c * d);
  }
  const total = symmetric.trace();
  const variance = Float64Array.from(order.slice(0, k), (j) => Math.max(0, realEigenvalues[j]));
  return { mean, components, variance, ratio: variance.map((v) => (total > 0 ? v / total : 0)) };
}
