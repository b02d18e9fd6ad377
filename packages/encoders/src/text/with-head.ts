/** A backbone with dino.txt's head on its tokens, as one network. */

import { GraphBuilder, type Value } from "@optogram/onnx";
import { type Architecture, layoutOf, type Weights } from "../architectures/index.ts";
import type { Card } from "../card.ts";
import type { BuiltNetwork } from "../network.ts";
import { buildDinotxtHead } from "./dinotxt-head.ts";

/** The same network, whose `embedding` is the head's; its other tensors are the backbone's. */
export function withHead(
  backbone: BuiltNetwork,
  { prefix, ...shape }: NonNullable<Card["head"]>,
  architecture: Architecture,
  weights: Weights,
): BuiltNetwork {
  return {
    build(batch, size, tensors) {
      if (!tensors.includes("embedding")) return backbone.build(batch, size, tensors);
      const needed = new Set(tensors.map((name) => (name === "embedding" ? "tokens" : name)));
      const network = backbone.build(batch, size, [...needed]);
      const { grid, prefix: before, width } = layoutOf(architecture, size);
      const tokens = { batch, count: before + grid[0] * grid[1], prefix: before };
      const { heads, depth, hidden } = shape;
      const head = buildDinotxtHead({ width, heads, depth, hidden }, weights, tokens, prefix);
      const g = new GraphBuilder();
      const [images] = network.graph.inputs;
      const seen = g.splice(network, { [images.name]: g.input("images", [batch, 3, ...size]) }, "backbone/");
      const spoken = g.splice(head, { tokens: seen.get("tokens") as Value }, "head/");
      for (const name of tensors) g.output(name, (name === "embedding" ? spoken : seen).get(name) as Value);
      return g.model(network.graph.name);
    },
  };
}
