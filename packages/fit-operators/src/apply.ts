/** Operators at work on tokens. */

import { div, GraphBuilder, matmul, max, openSession, reduceL2 } from "@optogram/onnx";
import type { Operator } from "./operators.ts";

export interface TokenMap {
  /** Tokens (row-major, any number × d) through the operator; at unit norm again where it does not keep lengths. */
  apply(tokens: Float32Array, operator: Pick<Operator, "map" | "isometry">): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Tokens a run. */
const block = 1024;

export async function openTokenMap(d: number): Promise<TokenMap> {
  const graph = new GraphBuilder();
  const mapped = matmul(graph.input("tokens", [block, d]), graph.input("map", [d, d]));
  graph.output("mapped", mapped);
  graph.output("unit", div(mapped, max(reduceL2(mapped, { axes: [1], keep: true }), 1e-12)));
  const session = await openSession(graph.model("operator"));
  return {
    async apply(tokens, { map, isometry }) {
      if (tokens.length % d !== 0) throw new RangeError(`${tokens.length} numbers are no tokens of ${d}`);
      const result = new Float32Array(tokens.length);
      const wanted = isometry ? "mapped" : "unit";
      const matrix = { dtype: "float32" as const, shape: [d, d], data: Float32Array.from(map) };
      for (let at = 0; at < tokens.length; at += block * d) {
        const data = new Float32Array(block * d);
        const part = tokens.subarray(at, at + block * d);
        data.set(part);
        const feeds = { tokens: { dtype: "float32" as const, shape: [block, d], data }, map: matrix };
        const found = await session.run(feeds, [wanted]);
        result.set((found[wanted].data as Float32Array).subarray(0, part.length), at);
      }
      return result;
    },
    close: () => session.close(),
  };
}
