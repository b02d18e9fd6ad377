import { EigenvalueDecomposition } from "ml-matrix";
import { matrixOf } from "./matrix.ts";

/** Eigenvalues by falling modulus; of a conjugate pair the one above the axis comes first. */
export interface Spectrum {
  /** [d] */
  readonly real: Float64Array;
  /** [d] */
  readonly imaginary: Float64Array;
}

/** The eigenvalues of any real matrix (row-major, d × d), by QR iteration on its Hessenberg form. */
export function eigenvalues(a: Float64Array, d: number): Spectrum {
  if (a.length !== d * d) throw new RangeError(`eigenvalues: ${a.length} numbers are no ${d} × ${d}`);
  if (!a.every(Number.isFinite)) throw new RangeError("eigenvalues: an entry is not finite");
  const { realEigenvalues: re, imaginaryEigenvalues: im } = new EigenvalueDecomposition(matrixOf(a, d));
  const order = re
    .map((_, i) => i)
    .sort((i, j) => Math.hypot(re[j], im[j]) - Math.hypot(re[i], im[i]) || im[j] - im[i]);
  return {
    real: Float64Array.from(order, (i) => re[i]),
    imaginary: Float64Array.from(order, (i) => im[i]),
  };
}
