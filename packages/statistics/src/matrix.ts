/** Flat arrays as matrices of ml-matrix, and back. */

import { Matrix } from "ml-matrix";
import { rowCount } from "./neighbours.ts";

/** Row-major, n × d. */
export function matrixOf(values: Float32Array | Float64Array, d: number): Matrix {
  const rows = rowCount(values, d, "matrix");
  const result = Matrix.zeros(rows, d);
  for (let i = 0; i < rows; i++) for (let j = 0; j < d; j++) result.set(i, j, values[i * d + j]);
  return result;
}

/** Row-major. */
export function flat(m: Matrix): Float64Array {
  return Float64Array.from(m.to1DArray());
}
