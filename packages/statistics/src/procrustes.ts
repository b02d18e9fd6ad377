/**
 * Linear maps that carry the rows of X to those of Y, found in closed form: Q with X Q ≈ Y.
 * Matrices are row-major: X and Y n × d, results d × d.
 */

import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from "ml-matrix";
import { rowCount } from "./neighbours.ts";

type Rows = Float32Array | Float64Array;

export interface Rotation {
  readonly map: Float64Array;
  /** The sum of the singular values of XᵀY, as `scipy.linalg.orthogonal_procrustes` gives it. */
  readonly scale: number;
}

/** The orthogonal Q with the least ‖X Q − Y‖: U Vᵀ of XᵀY = U Σ Vᵀ (Schönemann 1966). */
export function orthogonalProcrustes(x: Rows, y: Rows, d: number): Rotation {
  const decomposition = new SingularValueDecomposition(cross(x, y, d), { autoTranspose: true });
  const map = decomposition.leftSingularVectors.mmul(decomposition.rightSingularVectors.transpose());
  return { map: flat(map), scale: decomposition.diagonal.reduce((sum, s) => sum + s, 0) };
}

/** The orthogonal and self-adjoint Q with the least ‖X Q − Y‖: the matrix sign of XᵀY + YᵀX. */
export function selfAdjointProcrustes(x: Rows, y: Rows, d: number): Float64Array {
  return flat(symmetricSign(cross(x, y, d)));
}

/** The orthogonal and self-adjoint matrix nearest to Q (d × d): the matrix sign of (Q + Qᵀ)/2. */
export function nearestSelfAdjoint(q: Float64Array, d: number): Float64Array {
  return flat(symmetricSign(matrix(q, d)));
}

/** The Q with the least ‖X Q − Y‖ of all, by QR; throws where X has dependent columns. */
export function leastSquares(x: Rows, y: Rows, d: number): Float64Array {
  return flat(solve(matrix(x, d), matrix(y, d)));
}

function cross(x: Rows, y: Rows, d: number): Matrix {
  if (x.length !== y.length) throw new RangeError(`procrustes: ${x.length} and ${y.length} numbers`);
  const n = rowCount(x, d, "procrustes");
  const product = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < d; a++) {
      const xa = x[i * d + a];
      for (let b = 0; b < d; b++) product[a * d + b] += xa * y[i * d + b];
    }
  return matrix(product, d);
}

/** sign((A + Aᵀ)/2): the same eigenvectors, each eigenvalue replaced by its sign (0 counts as positive). */
function symmetricSign(a: Matrix): Matrix {
  const symmetric = Matrix.add(a, a.transpose());
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  return v.mmul(Matrix.diag(realEigenvalues.map((x) => (x < 0 ? -1 : 1)))).mmul(v.transpose());
}

function matrix(values: Rows, d: number): Matrix {
  const rows = rowCount(values, d, "matrix");
  const result = Matrix.zeros(rows, d);
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) result.set(i, j, values[i * d + j]);
  return result;
}

function flat(m: Matrix): Float64Array {
  return Float64Array.from(m.to1DArray());
}
