/** Exact search over embeddings of unit length, a block of them at a time. */

import {
  add,
  type Device,
  float32,
  GraphBuilder,
  gemm,
  mul,
  openSession,
  reduceLogSumExp,
  topK,
} from "@optogram/onnx";
import { TopRows } from "@optogram/statistics";

/** For each query its `k` nearest rows, nearest first; queries × k. */
export interface Found {
  readonly k: number;
  readonly indices: Uint32Array;
  readonly cosines: Float32Array;
  /** log Σ exp(temperature · cosine) over all rows, one a query: what a softmax over all of them divides by. */
  readonly logSums: Float64Array;
}

export interface SearchOptions {
  readonly k: number;
  /** What cosines are multiplied by in the softmax; default 100. */
  readonly temperature?: number;
  /** Rows at a time; default 16,384. Memory is this times the number of queries, and no more. */
  readonly block?: number;
  readonly device?: Device;
}

/** Queries at a time. */
const queryBlock = 256;
/** Added to the cosine of a row that only fills the last block. */
const excluded = -1e4;

/**
 * @param rows row-major n × d, of unit length, or a function that gives rows `first` up to `end`
 * @param queries row-major q × d, of unit length
 */
export async function search(
  rows: Float32Array | ((first: number, end: number) => Promise<Float32Array>),
  n: number,
  queries: Float32Array,
  d: number,
  options: SearchOptions,
): Promise<Found> {
  const { k, temperature = 100, device } = options;
  if (!(k >= 1 && k <= n)) throw new RangeError(`search: the ${k} nearest of ${n} rows`);
  const q = queries.length / d;
  const block = Math.max(k, Math.min(options.block ?? 16_384, n));
  const size = Math.min(queryBlock, q);
  const session = await openSession(blockModel(block, size, d, k, temperature), device ? { device } : {});
  const read =
    typeof rows === "function" ? rows : async (a: number, b: number) => rows.subarray(a * d, b * d);
  const best = new TopRows(q, k);
  const logSums = new Float64Array(q).fill(Number.NEGATIVE_INFINITY);
  try {
    for (let first = 0; first < n; first += block) {
      const count = Math.min(block, n - first);
      const some = filledUp(await read(first, first + count), block * d);
      const bias = new Float32Array(block).fill(excluded, count);
      for (let from = 0; from < q; from += size) {
        const asked = Math.min(size, q - from);
        const { cosines, indices, logSum } = await session.run({
          rows: float32(some, [block, d]),
          bias: float32(bias, [1, block]),
          queries: float32(filledUp(queries.subarray(from * d, (from + asked) * d), size * d), [size, d]),
        });
        for (let i = 0; i < asked; i++) {
          // Blocks and their rows come in order, so that equal cosines stay in the order of rows.
          for (let at = i * k; at < i * k + Math.min(k, count); at++)
            best.offer(from + i, first + Number(indices.data[at]), Number(cosines.data[at]));
          logSums[from + i] = logAddExp(logSums[from + i], Number(logSum.data[i]));
        }
      }
    }
  } finally {
    await session.close();
  }
  return { k, indices: best.indices, cosines: Float32Array.from(best.scores), logSums };
}

/** The softmax over all rows at a cosine, from what `search` found. */
export function softmaxAt(cosine: number, logSum: number, temperature = 100): number {
  return Math.exp(temperature * cosine - logSum);
}

function blockModel(block: number, size: number, d: number, k: number, temperature: number) {
  const g = new GraphBuilder();
  const [rows, queries] = [g.input("rows", [block, d]), g.input("queries", [size, d])];
  const cosines = add(gemm(queries, rows, undefined, { transB: true }), g.input("bias", [1, block]));
  const { values, indices } = topK(cosines, k, 1);
  g.output("cosines", values);
  g.output("indices", indices);
  g.output("logSum", reduceLogSumExp(mul(cosines, temperature), { axes: [1] }));
  return g.model("search");
}

function logAddExp(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === Number.NEGATIVE_INFINITY
    ? larger
    : larger + Math.log(Math.exp(a - larger) + Math.exp(b - larger));
}

function filledUp(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const filled = new Float32Array(length);
  filled.set(values);
  return filled;
}
