/** Sums of squares of any number of tokens in bounded memory, by ONNX Runtime. */

import {
  type Device,
  GraphBuilder,
  gemm,
  openSession,
  reduceSum,
  sizeOf,
  slice,
  sub,
  transpose,
} from "@optogram/onnx";
import { meanRow, type Scatter } from "@optogram/statistics";

export interface ScatterSum {
  /** Adds tokens (row-major, any number × d). */
  add(tokens: Float32Array): Promise<void>;
  /** Of all that was added. */
  scatter(): Promise<Scatter>;
  close(): Promise<void>;
}

/**
 * Tokens a run. Their products are summed in float32 within a run and in float64 over runs: fewer a run are slower,
 * because its threads meet after each operator; more leave the processor's cache.
 */
const block = 6000;

/** The anchor is the mean of the first run's tokens, near enough to that of all for nothing to cancel. */
export async function openScatter(d: number, device: Device = "cpu"): Promise<ScatterSum> {
  const graph = new GraphBuilder();
  const centred = sub(graph.input("x", [block, d]), graph.input("anchor", [d]));
  // Channels by tokens, turned once: of a factor given the other way round the runtime gathers columns anew for every tile.
  const channels = transpose(centred, [1, 0]);
  const groups = groupsOf(d).map(({ from, to }) => slice(channels, 0, from, to));
  for (const { name, rows, columns } of tilesOf(groups))
    graph.output(name, gemm(rows, columns, undefined, { transB: true }));
  graph.output("sums", reduceSum(channels, { axes: [1] }));
  const session = await openSession(graph.model("scatter"), { device });
  const totals = Object.fromEntries(
    session.outputs.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape as number[]))]),
  );
  const held = new Float32Array(block * d);
  let anchor: Float32Array | undefined;
  let filled = 0;
  let n = 0;
  const flush = async () => {
    anchor ??= Float32Array.from(meanRow(held.subarray(0, filled), d));
    // Rows that are not there stand on the anchor and add nothing.
    for (let at = filled; at < held.length; at += d) held.set(anchor, at);
    const found = await session.run({
      x: { dtype: "float32", shape: [block, d], data: held },
      anchor: { dtype: "float32", shape: [d], data: anchor },
    });
    for (const [name, total] of Object.entries(totals)) addTo(total, found[name].data as Float32Array);
    n += filled / d;
    filled = 0;
  };
  return {
    async add(tokens) {
      if (tokens.length % d !== 0) throw new RangeError(`${tokens.length} numbers are no tokens of ${d}`);
      for (let at = 0; at < tokens.length; ) {
        const take = Math.min(tokens.length - at, held.length - filled);
        held.set(tokens.subarray(at, at + take), filled);
        at += take;
        filled += take;
        if (filled === held.length) await flush();
      }
    },
    async scatter() {
      if (filled > 0) await flush();
      return {
        n,
        anchor: Float64Array.from(anchor ?? new Float32Array(d)),
        sums: totals.sums,
        products: symmetric(totals, d),
      };
    },
    close: () => session.close(),
  };
}

/** Channels by thirds. More groups would leave out little more, in smaller products. */
function groupsOf(d: number): { from: number; to: number }[] {
  const edges = [0, 1, 2, 3].map((i) => Math.round((i * d) / 3));
  return edges.slice(1).flatMap((to, i) => (edges[i] < to ? [{ from: edges[i], to }] : []));
}

/** The matrix is symmetric: tiles of each group's channels by its own and by those of the groups after it hold all of it. */
function tilesOf<Group>(groups: readonly Group[]): { name: string; rows: Group; columns: Group }[] {
  return groups.flatMap((rows, i) =>
    groups.slice(i).map((columns, j) => ({ name: `tile.${i}.${i + j}`, rows, columns })),
  );
}

/** The whole matrix, row-major, from its tiles. */
function symmetric(totals: Readonly<Record<string, Float64Array>>, d: number): Float64Array {
  const whole = new Float64Array(d * d);
  for (const { name, rows, columns } of tilesOf(groupsOf(d)))
    for (let i = rows.from, at = 0; i < rows.to; i++)
      for (let j = columns.from; j < columns.to; j++, at++)
        whole[i * d + j] = whole[j * d + i] = totals[name][at];
  return whole;
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) sums[i] += values[i];
}
