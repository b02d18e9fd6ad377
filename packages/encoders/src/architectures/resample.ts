/** Stored positions for images of another size, as timm resamples them, on the host. */

import { catmullRom } from "@optogram/images";
import { float32, type Tensor } from "@optogram/onnx";
import { EncoderError } from "../error.ts";
import type { Weights } from "./parameters.ts";
import type { Architecture } from "./schema.ts";

/** Weights whose positions fit a grid of [rows, columns] patches. Those that fit are the same tensors. */
export function fitPositions(a: Architecture, weights: Weights, grid: readonly [number, number]): Weights {
  if (a.family === "convnext") return weights;
  const fitted: Record<string, Tensor> = { ...weights };
  const table = weights.pos_embed;
  if (table)
    fitted.pos_embed = a.family === "sam" ? fitMap(table, grid) : fitTokens(table, prefixOf(a), grid);
  if (a.family === "sam")
    for (const i of a.globalBlocks)
      for (const [axis, name] of ["h", "w"].entries()) {
        const relative = weights[`blocks.${i}.attn.rel_pos_${name}`];
        if (relative) fitted[`blocks.${i}.attn.rel_pos_${name}`] = fitDistances(relative, 2 * grid[axis] - 1);
      }
  return fitted;
}

/** Tokens before the patches that have positions of their own. */
function prefixOf(a: Architecture): number {
  if (a.family === "eva") return 1 + a.registers;
  return a.family === "vit" && a.positions === "all" ? (a.classToken ? 1 : 0) + a.registers : 0;
}

/** [1, prefix + n, d], n the places of a square. */
function fitTokens(table: Tensor, prefix: number, [rows, columns]: readonly [number, number]): Tensor {
  const [, tokens, d] = table.shape;
  const side = Math.round(Math.sqrt(tokens - prefix));
  if (side * side !== tokens - prefix)
    throw new EncoderError(
      `the weights have positions of ${tokens} tokens, ${prefix} of them before the patches: the rest is no square`,
    );
  if (side === rows && side === columns) return table;
  const data = table.data as Float32Array;
  const places = resampleMap(data.subarray(prefix * d), [side, side, d], [rows, columns]);
  const whole = new Float32Array((prefix + rows * columns) * d);
  whole.set(data.subarray(0, prefix * d));
  whole.set(places, prefix * d);
  return float32(whole, [1, prefix + rows * columns, d]);
}

/** [1, h, w, d] */
function fitMap(table: Tensor, [rows, columns]: readonly [number, number]): Tensor {
  const [, h, w, d] = table.shape;
  if (h === rows && w === columns) return table;
  const data = resampleMap(table.data as Float32Array, [h, w, d], [rows, columns]);
  return float32(data, [1, rows, columns, d]);
}

/** [distances, c], linear between the nearest two. */
function fitDistances(table: Tensor, length: number): Tensor {
  const [from, c] = table.shape;
  if (from === length) return table;
  const taps = Array.from({ length }, (_, i) => {
    const at = Math.max(0, ((i + 0.5) * from) / length - 0.5);
    const start = Math.min(from - 1, Math.floor(at));
    return start + 1 < from ? { start, weights: [1 - (at - start), at - start] } : { start, weights: [1] };
  });
  return float32(resampleAxis(table.data as Float32Array, [1, from, c], taps), [length, c]);
}

/**
 * A map [h, w, d] at [rows, columns]: bicubic with antialiasing, pixel centres at halves, as PyTorch's
 * `interpolate(mode="bicubic", antialias=True)`.
 */
export function resampleMap(
  map: Float32Array,
  [h, w, d]: readonly [number, number, number],
  [rows, columns]: readonly [number, number],
): Float32Array {
  const narrow = resampleAxis(map, [h, w, d], bicubic(w, columns));
  return resampleAxis(narrow, [1, h, columns * d], bicubic(h, rows));
}

/** One place of a resampled axis: the sum of `weights` times the places from `start` on. */
interface Taps {
  readonly start: number;
  readonly weights: readonly number[];
}

/** x [a, n, c] along its middle axis. */
function resampleAxis(x: Float32Array, [a, n, c]: readonly [number, number, number], taps: readonly Taps[]) {
  const y = new Float32Array(a * taps.length * c);
  const sum = new Float64Array(c);
  for (let i = 0; i < a; i++)
    for (const [j, { start, weights }] of taps.entries()) {
      sum.fill(0);
      for (const [t, weight] of weights.entries()) {
        const from = (i * n + start + t) * c;
        for (let k = 0; k < c; k++) sum[k] += weight * x[from + k];
      }
      y.set(sum, (i * taps.length + j) * c);
    }
  return y;
}

/** Keys' cubic, widened where the axis shrinks; weights add up to 1, so borders repeat. */
function bicubic(from: number, to: number): Taps[] {
  const scale = from / to;
  const spread = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - 2 * spread + 0.5));
    const end = Math.min(from, Math.trunc(centre + 2 * spread + 0.5));
    const raw = Array.from({ length: end - start }, (_, j) =>
      catmullRom((start + j - centre + 0.5) / spread),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { start, weights: raw.map((weight) => weight / sum) };
  });
}
