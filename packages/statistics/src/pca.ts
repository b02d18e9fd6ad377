import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { rowCount } from "./neighbours.ts";
import { meanRow } from "./rows.ts";

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

/** What principal components need of n rows of d, however many they were: sums of offsets from an anchor. */
export interface Scatter {
  readonly n: number;
  /** [d], any point near the mean: the nearer, the less is lost. */
  readonly anchor: Float64Array;
  /** [d], Σ (x − anchor) */
  readonly sums: Float64Array;
  /** d × d, Σ (x − anchor)(x − anchor)ᵀ */
  readonly products: Float64Array;
}

/** The first `k` principal components of `rows` (row-major, n × d; n ≥ 2), from the covariance matrix. */
export function pca(rows: Float32Array | Float64Array, d: number, k: number): Principal {
  const n = rowCount(rows, d, "pca");
  const anchor = meanRow(rows, d);
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) sums[j] += centred[j] = rows[i * d + j] - anchor[j];
    for (let a = 0; a < d; a++)
      for (let b = 0, at = a * d; b <= a; b++, at++) products[at] += centred[a] * centred[b];
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) products[b * d + a] = products[a * d + b];
  return principalComponents({ n, anchor, sums, products }, k);
}

/** The first `k` principal components of what was summed (n ≥ 2). */
export function principalComponents({ n, anchor, sums, products }: Scatter, k: number): Principal {
  const d = anchor.length;
  if (n < 2 || !(k >= 1 && k <= d)) throw new RangeError(`pca: ${k} components of ${n} rows of ${d}`);
  const symmetric = Matrix.zeros(d, d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      const value = (products[a * d + b] - (sums[a] * sums[b]) / n) / (n - 1);
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
  return {
    mean: anchor.map((x, j) => x + sums[j] / n),
    components,
    variance,
    ratio: variance.map((v) => (total > 0 ? v / total : 0)),
  };
}

/**
 * Where rows (row-major, n × d) lie along the first `k` components (default: all): row-major, n × k, (x − mean) · component.
 */
export function project(
  rows: Float32Array | Float64Array,
  { mean, components }: Pick<Principal, "mean" | "components">,
  k = components.length / mean.length,
): Float32Array {
  const d = mean.length;
  const n = rowCount(rows, d, "project");
  const offsets = Float64Array.from({ length: k }, (_, c) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += mean[j] * components[c * d + j];
    return sum;
  });
  const result = new Float32Array(n * k);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < k; c++) {
      let sum = -offsets[c];
      for (let j = 0, p = i * d, q = c * d; j < d; j++, p++, q++) sum += rows[p] * components[q];
      result[i * k + c] = sum;
    }
  return result;
}
