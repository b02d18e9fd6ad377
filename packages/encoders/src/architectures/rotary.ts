/**
 * Rotary positions in two dimensions: pairs of a head's channels are turned by angles that grow with a patch's row (the
 * first half of the pairs) and column (the second). EVA-02 (Fang et al. 2023) after Su et al. 2021; DINOv3 (Siméoni et
 * al. 2025).
 */

import { add, concat, float32, type GraphBuilder, matmul, mul, split, type Value } from "@optogram/onnx";
import type { Rotary } from "./schema.ts";

/** Turns queries or keys [b, heads, n, c]. */
export type Rotation = (x: Value) => Value;

/** Angles of each pair at each patch of the grid, row by row: [rows · columns, c / 2]. */
export function anglesOf(
  rotary: Rotary,
  [rows, columns]: readonly [number, number],
  c: number,
): Float32Array {
  const bands = c / 4;
  const frequency = Array.from({ length: bands }, (_, i) => rotary.temperature ** (-i / bands));
  const place =
    rotary.kind === "eva"
      ? (i: number, n: number) => (i / n) * rotary.grid
      : (i: number, n: number) => 2 * Math.PI * ((2 * (i + 0.5)) / n - 1);
  const angles = new Float32Array(rows * columns * 2 * bands);
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      for (const f of frequency) angles[at++] = place(row, rows) * f;
      for (const f of frequency) angles[at++] = place(column, columns) * f;
    }
  return angles;
}

/** The rotation of all tokens, of which `prefix` before the patches stay as they are. */
export function rotation(
  graph: GraphBuilder,
  rotary: Rotary,
  grid: readonly [number, number],
  prefix: number,
  c: number,
): Rotation {
  const angles = anglesOf(rotary, grid, c);
  const n = prefix + grid[0] * grid[1];
  const cos = new Float32Array(n * c).fill(1);
  const sin = new Float32Array(n * c);
  const halves = rotary.kind === "dinov3";
  for (let i = 0; i < angles.length; i++) {
    const token = (prefix + Math.floor(i / (c / 2))) * c;
    const pair = i % (c / 2);
    // (a, b) becomes (a cos − b sin, b cos + a sin): the sign is kept with the sine.
    const [a, b] = halves ? [pair, pair + c / 2] : [2 * pair, 2 * pair + 1];
    cos[token + a] = cos[token + b] = Math.cos(angles[i]);
    sin[token + b] = Math.sin(angles[i]);
    sin[token + a] = -sin[token + b];
  }
  const cosines = graph.constant(float32(cos, [n, c]));
  const sines = graph.constant(float32(sin, [n, c]));
  const swap = halves ? swapHalves : swapNeighbours(graph, c);
  return (x) => add(mul(x, cosines), mul(swap(x), sines));
}

function swapHalves(x: Value): Value {
  const half = x.shape[3] / 2;
  const [a, b] = split(x, [half, half], 3);
  return concat([b, a], 3);
}

/** As a product: ONNX Runtime moves single elements more slowly than it multiplies by a small matrix. */
function swapNeighbours(graph: GraphBuilder, c: number): (x: Value) => Value {
  const matrix = new Float32Array(c * c);
  for (let i = 0; i < c; i++) matrix[i * c + (i ^ 1)] = 1;
  const swap = graph.constant(float32(matrix, [c, c]));
  return (x) => matmul(x, swap);
}
