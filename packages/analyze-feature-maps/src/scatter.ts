/** Sums of squares of any number of tokens in bounded memory, by ONNX Runtime. */

import {
  type Device,
  GraphBuilder,
  gemm,
  type Model,
  matmul,
  openSession,
  sizeOf,
  split,
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
const block = 3000;

/** The anchor is the mean of the first run's tokens, near enough to that of all for nothing to cancel. */
export async function openScatter(d: number, device: Device = "cpu"): Promise<ScatterSum> {
  const session = await openSession(scatterModel(d), { device });
  const totals = Object.fromEntries(
    session.outputs.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape as number[]))]),
  );
  const held = new Float32Array(block * d);
  let anchor: Float32Array | undefined;
  let filled = 0;
  let n = 0;
  const anchorOf = (first: Float32Array) => {
    anchor ??= Float32Array.from(meanRow(first, d));
    return anchor;
  };
  const run = async (x: Float32Array) => {
    const found = await session.run({
      x: { dtype: "float32", shape: [block, d], data: x },
      anchor: { dtype: "float32", shape: [d, 1], data: anchorOf(x) },
    });
    for (const [name, total] of Object.entries(totals)) addTo(total, found[name].data as Float32Array);
  };
  const flush = async () => {
    const padding = anchorOf(held.subarray(0, filled));
    // Rows that are not there stand on the anchor and add nothing.
    for (let at = filled; at < held.length; at += d) held.set(padding, at);
    await run(held);
    filled = 0;
  };
  return {
    async add(tokens) {
      if (tokens.length % d !== 0) throw new RangeError(`${tokens.length} numbers are no tokens of ${d}`);
      n += tokens.length / d;
      let at = 0;
      // Whole runs are taken where they lie, the rest is collected: the order does not matter to sums.
      for (; tokens.length - at >= held.length; at += held.length)
        await run(tokens.subarray(at, at + held.length));
      while (at < tokens.length) {
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

/** `x` (block × d) and `anchor` (d × 1) to sums and products of their differences. */
function scatterModel(d: number): Model {
  const graph = new GraphBuilder();
  // Channels by tokens, turned once: of a factor given the other way round the runtime gathers columns anew for every
  // product. Centred afterwards, in place.
  const channels = sub(transpose(graph.input("x", [block, d]), [1, 0]), graph.input("anchor", [d, 1]));
  // A product with ones takes a third of the time of the runtime's own sum.
  const ones = graph.constant({ dtype: "float32", shape: [block, 1], data: new Float32Array(block).fill(1) });
  graph.output("sums", matmul(channels, ones));
  let rest = channels;
  for (const { name, from, to } of groupsOf(d)) {
    const [own, after] = to < d ? split(rest, [to - from, d - to], 0) : [rest, rest];
    graph.output(name, gemm(rest, own, undefined, { transB: true }));
    rest = after;
  }
  return graph.model("scatter");
}

/**
 * The matrix is symmetric: products of all channels from a group's first on with the group's own hold all of it. Groups of
 * about a sixth leave out five twelfths; narrower ones leave out little more, in slower products.
 */
function groupsOf(d: number): { name: string; from: number; to: number }[] {
  const width = Math.max(32, 32 * Math.round(d / (6 * 32)));
  return Array.from({ length: Math.ceil(d / width) }, (_, i) => ({
    name: `products.${i}`,
    from: i * width,
    to: Math.min(d, (i + 1) * width),
  }));
}

/** The whole matrix, row-major, from its groups' columns. */
function symmetric(totals: Readonly<Record<string, Float64Array>>, d: number): Float64Array {
  const whole = new Float64Array(d * d);
  for (const { name, from, to } of groupsOf(d))
    for (let i = from, at = 0; i < d; i++)
      for (let j = from; j < to; j++, at++) whole[i * d + j] = whole[j * d + i] = totals[name][at];
  return whole;
}

function addTo(sums: Float64Array, values: Float32Array): void {
  // Asked for its length at every step, V8 leaves this loop unoptimised from some call on: a tenth of the whole sum's time.
  const { length } = values;
  for (let i = 0; i < length; i++) sums[i] += values[i];
}
