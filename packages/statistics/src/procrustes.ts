/**
 * Linear maps that carry the rows of X to those of Y, found in closed form: Q with X Q ≈ Y.
 * Matrices are row-major: X and Y n × d, results d × d.
 */

import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from "ml-matrix";
import { flat, matrixOf } from "./matrix.ts";
import { rowCount } from "./neighbours.ts";

type Rows = Float32Array | Float64Array;

export interface Rotation {
  readonly map: Float64Array;
  /** The sum of the singular values of XᵀY, as `scipy.linalg.orthogonal_procrustes` gives it. */
  readonly scale: number;
}

/** What least squares need of rows X and Y, however many there were: row-major, d × d each. */
export interface Products {
  /** XᵀX */
  readonly xx: Float64Array;
  /** XᵀY */
  readonly xy: Float64Array;
}

/** The orthogonal Q with the least ‖X Q − Y‖: U Vᵀ of XᵀY = U Σ Vᵀ (Schönemann 1966). */
export function orthogonalProcrustes(x: Rows, y: Rows, d: number): Rotation {
  return orthogonalFromProduct(product(x, y, d), d);
}

/** `orthogonalProcrustes` from XᵀY. */
export function orthogonalFromProduct(xy: Float64Array, d: number): Rotation {
  const decomposition = new SingularValueDecomposition(matrixOf(xy, d), { autoTranspose: true });
  const map = decomposition.leftSingularVectors.mmul(decomposition.rightSingularVectors.transpose());
  return { map: flat(map), scale: decomposition.diagonal.reduce((sum, s) => sum + s, 0) };
}

/** The orthogonal and self-adjoint Q with the least ‖X Q − Y‖: the matrix sign of XᵀY + YᵀX. */
export function selfAdjointProcrustes(x: Rows, y: Rows, d: number): Float64Array {
  return nearestSelfAdjoint(product(x, y, d), d);
}

/**
 * The orthogonal and self-adjoint matrix nearest to Q (d × d): the matrix sign of (Q + Qᵀ)/2. Of Q = XᵀY it is the
 * direct optimum, as `selfAdjointProcrustes` finds it.
 */
export function nearestSelfAdjoint(q: Float64Array, d: number): Float64Array {
  return flat(symmetricSign(matrixOf(q, d)));
}

/** The Q with the least ‖X Q − Y‖ of all, by QR; throws where X has dependent columns. */
export function leastSquares(x: Rows, y: Rows, d: number): Float64Array {
  return flat(solve(matrixOf(x, d), matrixOf(y, d)));
}

/**
 * The Q with the least ‖X Q − Y‖² + λ ‖Q‖², λ = `ridge` × the mean of XᵀX's diagonal; without a ridge and where columns
 * of X depend on one another, the smallest of those as good. From the eigenvectors of XᵀX, whose condition is that of X
 * squared: directions in which X has less than 10⁻⁶ of its largest extent count as absent.
 */
export function leastSquaresFromProducts({ xx, xy }: Products, d: number, ridge = 0): Float64Array {
  const normal = matrixOf(xx, d);
  const lambda = (ridge * normal.trace()) / d;
  const { realEigenvalues, eigenvectorMatrix: v } = symmetricEigen(normal);
  const smallest = 1e-12 * Math.max(...realEigenvalues);
  const inverse = realEigenvalues.map((s) => (s > smallest ? 1 / (s + lambda) : 0));
  return flat(v.mmul(v.transpose().mmul(matrixOf(xy, d)).mulColumnVector(inverse)));
}

/** XᵀY, d × d, of rows X and Y (row-major, n × d). */
export function product(x: Rows, y: Rows, d: number): Float64Array {
  if (x.length !== y.length) throw new RangeError(`procrustes: ${x.length} and ${y.length} numbers`);
  const n = rowCount(x, d, "procrustes");
  const result = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < d; a++) {
      const xa = x[i * d + a];
      for (let b = 0; b < d; b++) result[a * d + b] += xa * y[i * d + b];
    }
  return result;
}

/** sign((A + Aᵀ)/2): the same eigenvectors, each eigenvalue replaced by its sign (0 counts as positive). */
function symmetricSign(a: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: v } = symmetricEigen(a);
  const signs = realEigenvalues.map((x) => (x < 0 ? -1 : 1));
  return v.clone().mulRowVector(signs).mmul(v.transpose());
}

/** Of (A + Aᵀ)/2. */
function symmetricEigen(a: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(Matrix.add(a, a.transpose()).div(2), { assumeSymmetric: true });
}
