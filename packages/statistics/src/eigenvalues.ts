import { EigenvalueDecomposition } from "ml-matrix";
import { matrixOf } from "./matrix.ts";

/** Eigenvalues by falling modulus; of a conjugate pair the one above the axis comes first. */
export interface Spectrum {
  /** [d] */
  readonly real: Float64Array;
  /** [d] */
  readonly imaginary: Float64Array;
}

/** Of the largest entry: what a matrix made symmetric by products differs from its transpose. */
const rounding = 1e-12;

/**
 * The eigenvalues of any real matrix (row-major, d × d), by QR iteration on its Hessenberg form; of one that is
 * symmetric, in a quarter of the time, on its tridiagonal form, so that they are real to the last digit.
 */
export function eigenvalues(a: Float64Array, d: number): Spectrum {
  if (a.length !== d * d) throw new RangeError(`eigenvalues: ${a.length} numbers are no ${d} × ${d}`);
  if (!a.every(Number.isFinite)) throw new RangeError("eigenvalues: an entry is not finite");
  const { realEigenvalues: re, imaginaryEigenvalues: im } = new EigenvalueDecomposition(matrixOf(a, d), {
    assumeSymmetric: isSymmetric(a, d),
  });
  const order = re
    .map((_, i) => i)
    .sort((i, j) => Math.hypot(re[j], im[j]) - Math.hypot(re[i], im[i]) || im[j] - im[i]);
  return {
    real: Float64Array.from(order, (i) => re[i]),
    imaginary: Float64Array.from(order, (i) => im[i]),
  };
}

function isSymmetric(a: Float64Array, d: number): boolean {
  const most = rounding * a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return a.every((value, i) => Math.abs(value - a[(i % d) * d + Math.floor(i / d)]) <= most);
}
