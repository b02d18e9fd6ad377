/** The head that dino.txt trains on the frozen backbone's tokens (Jose et al. 2024, arXiv 2412.16334, section 3). */

import {
  add,
  concat,
  GraphBuilder,
  mul,
  reduceMean,
  sigmoid,
  slice,
  squeeze,
  type TypedModel,
  type Value,
} from "@optogram/onnx";
import { attend, jointHeads } from "../architectures/attention.ts";
import { linear, norm, scaled } from "../architectures/layers.ts";
import { type Parameters, storedParameters, type Weights } from "../architectures/parameters.ts";

export interface HeadShape {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Channels of the gated hidden layer: 2,752 at width 1,024. */
  readonly hidden: number;
}

/** The published head, of ViT-L/16. */
export const dinotxtHead: HeadShape = { width: 1024, depth: 2, heads: 16, hidden: 2752 };

/**
 * The head as a model of static shapes: input `tokens` [batch, n, width] (class token, registers, patches, after the
 * backbone's final norm); output `embedding` [batch, 2 · width], of any length: the class token beside the mean of the
 * patches. Weights by the names of dino.txt's checkpoint under `prefix`.
 * @throws EncoderError for weights that are missing or of other shapes
 */
export function buildDinotxtHead(
  shape: HeadShape,
  weights: Weights,
  tokens: { readonly batch: number; readonly count: number; readonly prefix: number },
  prefix = "visual_model.head.",
): TypedModel {
  const graph = new GraphBuilder();
  const stored = storedParameters(graph, weights);
  const parameters: Parameters = {
    graph,
    get: (name, size, role) => stored.get(prefix + name, size, role),
  };
  const x = graph.input("tokens", [tokens.batch, tokens.count, shape.width]);
  graph.output("embedding", head(parameters, shape, x, tokens.prefix));
  return graph.model("dino.txt head");
}

function head(
  p: Parameters,
  { width, depth, heads, hidden }: HeadShape,
  tokens: Value,
  prefix: number,
): Value {
  let x = tokens;
  for (let i = 0; i < depth; i++) {
    const block = `blocks.${i}`;
    const { mixed } = attend(
      jointHeads(p, `${block}.attn`, norm(p, `${block}.norm1`, x, 1e-5), heads, false),
    );
    x = add(x, scaled(p, linear(p, `${block}.attn.proj`, mixed, width), `${block}.ls1.gamma`));
    const thought = gated(p, `${block}.mlp`, norm(p, `${block}.norm2`, x, 1e-5), hidden);
    x = add(x, scaled(p, thought, `${block}.ls2.gamma`));
  }
  const final = norm(p, "ln_final", x, 1e-5);
  const patches = reduceMean(slice(final, 1, prefix, final.shape[1]), { axes: [1] });
  return concat([squeeze(slice(final, 1, 0, 1), [1]), patches], 1);
}

/** silu(x W₁) ⊙ (x W₂) W₃ (SwiGLU, Shazeer 2020), under DINOv3's names. */
function gated(p: Parameters, name: string, x: Value, hidden: number): Value {
  const gate = linear(p, `${name}.w1`, x, hidden);
  const open = mul(mul(gate, sigmoid(gate)), linear(p, `${name}.w2`, x, hidden));
  return linear(p, `${name}.w3`, open, x.shape[x.shape.length - 1]);
}
