/** Cross products of token pairs, accumulated in float64 by ONNX Runtime: the memory is the same for any number. */

import { cast, GraphBuilder, matmul, openSession, transpose } from "@optogram/onnx";
import type { Products } from "@optogram/statistics";

/** Of tokens X before and Y after a change, n × d each. */
export interface TokenProducts extends Products {
  /** ‖Y‖², the sum of squares. */
  readonly yy: number;
  /** n */
  readonly tokens: number;
}

export interface ProductSum {
  /** Adds rows of X and Y (row-major, any number × d). */
  add(x: Float32Array, y: Float32Array): Promise<void>;
  /** Of all that was added. */
  products(): Promise<TokenProducts>;
  close(): Promise<void>;
}

/** Tokens a run. */
const block = 2048;

/** `start`: what was summed before, to go on from. */
export async function openProductSum(d: number, start?: TokenProducts): Promise<ProductSum> {
  const graph = new GraphBuilder();
  const [x, y] = ["x", "y"].map((name) => cast(graph.input(name, [block, d]), "float64"));
  const turned = transpose(x);
  graph.output("xx", matmul(turned, x));
  graph.output("xy", matmul(turned, y));
  const session = await openSession(graph.model("products"));
  const shape = [block, d];
  const held = { x: new Float32Array(block * d), y: new Float32Array(block * d) };
  const sums = {
    xx: start?.xx.slice() ?? new Float64Array(d * d),
    xy: start?.xy.slice() ?? new Float64Array(d * d),
  };
  let { yy, tokens } = start ?? { yy: 0, tokens: 0 };
  let filled = 0;
  const flush = async () => {
    for (const rows of Object.values(held)) rows.fill(0, filled);
    const feed = (data: Float32Array) => ({ dtype: "float32" as const, shape, data });
    const found = await session.run({ x: feed(held.x), y: feed(held.y) });
    for (const name of ["xx", "xy"] as const) {
      const part = found[name].data as Float64Array;
      for (let i = 0; i < part.length; i++) sums[name][i] += part[i];
    }
    for (const value of held.y) yy += value * value;
    filled = 0;
  };
  return {
    async add(before, after) {
      if (before.length !== after.length || before.length % d !== 0)
        throw new RangeError(`${before.length} and ${after.length} numbers are no pairs of tokens of ${d}`);
      tokens += before.length / d;
      for (let at = 0; at < before.length; ) {
        const take = Math.min(before.length - at, held.x.length - filled);
        held.x.set(before.subarray(at, at + take), filled);
        held.y.set(after.subarray(at, at + take), filled);
        at += take;
        filled += take;
        if (filled === held.x.length) await flush();
      }
    },
    async products() {
      if (filled > 0) await flush();
      return { xx: sums.xx.slice(), xy: sums.xy.slice(), yy, tokens };
    },
    close: () => session.close(),
  };
}
