/** Grids of tokens brought to another number of rows and columns. */

import { float32, matmul, type Value } from "@optogram/onnx";
import { interpolationMatrix } from "@optogram/painting";

/** [rows, columns]. */
export type Grid = readonly [number, number];

/** tokens [..., from, d] of a grid, row by row → [..., to, d], linearly between places. */
export function resampled(tokens: Value, from: Grid, to: Grid): Value {
  if (from[0] === to[0] && from[1] === to[1]) return tokens;
  const [rows, columns] = from.map((size, i) => interpolationMatrix(to[i], size, 0, size));
  const [n, m] = [from[0] * from[1], to[0] * to[1]];
  const both = Float32Array.from({ length: m * n }, (_, at) => {
    const [out, place] = [Math.floor(at / n), at % n];
    const row = rows[Math.floor(out / to[1]) * from[0] + Math.floor(place / from[1])];
    return row * columns[(out % to[1]) * from[1] + (place % from[1])];
  });
  return matmul(tokens.graph.constant(float32(both, [m, n])), tokens);
}
