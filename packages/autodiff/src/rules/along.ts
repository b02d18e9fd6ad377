/** Operators that are linear along one axis at a time (resizing, pooling, padding), as small constant matrices. */

import { float32, matmul, reshape, sizeOf, type Value } from "@optogram/onnx";

/** Row o of [out][in]: what each element along an axis of x adds to element o of y. */
export type AxisMatrix = readonly Float64Array[];

/** dx along an axis: the product of the matrix's transpose and dy. Its cost is that of a matrix product. */
export function transposedAlong(dy: Value, axis: number, matrix: AxisMatrix): Value {
  const { shape, graph } = dy;
  const size = matrix[0].length;
  const sum = shape.with(axis, size);
  const last = axis === shape.length - 1;
  // Along the last axis dy stands on the left and the matrix as it is on the right.
  const rows = last ? matrix : Array.from({ length: size }, (_, i) => matrix.map((row) => row[i]));
  const numbers = rows.flatMap((row) => Array.from(row));
  const dims = [rows.length, rows[0].length];
  const constant = graph.constant(
    dy.dtype === "float64"
      ? { dtype: "float64", shape: dims, data: Float64Array.from(numbers) }
      : float32(numbers, dims),
  );
  if (last) return matmul(dy, constant);
  const lead = sizeOf(shape.slice(0, axis));
  const product = matmul(constant, reshape(dy, [lead, shape[axis], -1]));
  return reshape(product, sum);
}

/** A matrix from what stands in each row: pairs of a column and what is added there. */
export function axisMatrix(
  rows: number,
  columns: number,
  entries: (row: number) => Iterable<readonly [column: number, weight: number]>,
): AxisMatrix {
  return Array.from({ length: rows }, (_, row) => {
    const weights = new Float64Array(columns);
    for (const [column, weight] of entries(row)) weights[column] += weight;
    return weights;
  });
}
