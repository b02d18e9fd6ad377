/**
 * The text transformer of CLIP (Radford et al. 2021, section 2.4), and as SigLIP (Zhai et al. 2023) and dino.txt (Jose
 * et al. 2024) have it.
 */

import {
  add,
  argMax,
  expand,
  float32,
  GraphBuilder,
  gather,
  gatherElements,
  gelu,
  matmul,
  reshape,
  slice,
  type Tensor,
  type TypedModel,
  type Value,
} from "@optogram/onnx";
import { attend, jointHeads } from "../architectures/attention.ts";
import { activations, linear, mlp, norm } from "../architectures/layers.ts";
import {
  drawnParameters,
  type Parameters,
  storedParameters,
  type Weights,
} from "../architectures/parameters.ts";
import { named } from "./names.ts";
import type { TextArchitecture } from "./schema.ts";

const textActivations = { ...activations, "gelu-tanh": (x: Value) => gelu(x, "tanh") };

export interface TextBuildOptions {
  /** Texts a run. */
  readonly batch: number;
  /** What stands before the tower's own names in the checkpoint: `text.` or `text_model.` for example. */
  readonly prefix?: string;
}

/**
 * The text tower as a model of static shapes: input `ids` int64 [batch, context]; output `embedding` [batch, e] as the
 * tower makes it, of any length.
 * @throws EncoderError for weights that are missing or of other shapes
 */
export function buildTextTower(
  architecture: TextArchitecture,
  weights: Weights,
  { batch, prefix = "" }: TextBuildOptions,
): TypedModel {
  const graph = new GraphBuilder();
  const ids = graph.input("ids", [batch, architecture.context], "int64");
  const parameters = named(storedParameters(graph, weights), architecture.naming, prefix);
  graph.output("embedding", textTower(parameters, architecture, ids));
  return graph.model("text tower");
}

/** Weights of a checkpoint's names and shapes that have learnt nothing; the same seed gives the same. */
export function randomTextWeights(architecture: TextArchitecture, seed: number): Record<string, Tensor> {
  const graph = new GraphBuilder();
  const drawn: Record<string, Tensor> = {};
  const ids = graph.input("ids", [1, architecture.context], "int64");
  textTower(named(drawnParameters(graph, seed, drawn), architecture.naming, ""), architecture, ids);
  return drawn;
}

/** ids int64 [b, context] → [b, embedding]. */
function textTower(p: Parameters, a: TextArchitecture, ids: Value): Value {
  const words = gather(p.get("token_embedding.weight", [a.vocabulary, a.width], "table"), ids);
  let x = add(words, p.get("positional_embedding", [a.context, a.width], "table"));
  const mask = a.causal ? p.graph.constant(causalMask(a.context)) : undefined;
  for (let i = 0; i < a.depth; i++) {
    const block = `blocks.${i}`;
    const heads = jointHeads(p, `${block}.attn`, norm(p, `${block}.norm1`, x, a.epsilon), a.heads, a.biased);
    x = add(x, linear(p, `${block}.attn.proj`, attend(heads, undefined, mask).mixed, a.width));
    const thought = norm(p, `${block}.norm2`, x, a.epsilon);
    x = add(x, mlp(p, `${block}.mlp`, thought, a.width * a.expansion, textActivations[a.activation]));
  }
  return projected(p, a, norm(p, "norm", pooled(x, a, ids), a.epsilon));
}

/** One token of x [b, t, d] stands for the text: [b, d]. */
function pooled(x: Value, { pool, context, width }: TextArchitecture, ids: Value): Value {
  const [b] = x.shape;
  if (pool === "last") return reshape(slice(x, 1, context - 1, context), [b, width]);
  const end = expand(reshape(argMax(ids, 1), [b, 1, 1]), [b, 1, width]);
  return reshape(gatherElements(x, end, 1), [b, width]);
}

function projected(p: Parameters, a: TextArchitecture, x: Value): Value {
  if (a.projection === "matrix") return matmul(x, p.get("projection", [a.width, a.embedding], "table"));
  return linear(p, "projection", x, a.embedding, a.projection === "linear-bias");
}

/** [t, t], added to scores: 0 up to the token itself, −∞ after it (a number that leaves softmax finite). */
function causalMask(t: number): Tensor {
  return float32(
    Float32Array.from({ length: t * t }, (_, at) => (at % t <= Math.floor(at / t) ? 0 : -1e9)),
    [t, t],
  );
}
