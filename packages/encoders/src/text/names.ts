/** Names of text towers' tensors. The network asks by timm's names for a block; checkpoints have others. */

import type { Parameters } from "../architectures/parameters.ts";
import type { TextArchitecture } from "./schema.ts";

type Rules = readonly (readonly [RegExp, string])[];

const rules: Readonly<Record<TextArchitecture["naming"], Rules>> = {
  open_clip: [
    [/^blocks\.(\d+)\./, "transformer.resblocks.$1."],
    [/\.norm([12])\./, ".ln_$1."],
    [/\.attn\.qkv\./, ".attn.in_proj_"],
    [/\.attn\.proj\./, ".attn.out_proj."],
    [/\.mlp\.fc1\./, ".mlp.c_fc."],
    [/\.mlp\.fc2\./, ".mlp.c_proj."],
    [/^norm\./, "ln_final."],
    [/^projection/, "text_projection"],
  ],
  "dino.txt": [
    [/^(blocks|token_embedding|positional_embedding|norm)/, "backbone.$1"],
    [/\.norm1\./, ".attention_norm."],
    [/\.norm2\./, ".ffn_norm."],
    [/\.attn\./, ".attention."],
    [/\.mlp\./, ".feed_forward."],
    [/^backbone\.norm\./, "backbone.ln_final."],
    [/^projection/, "head.linear_projection"],
  ],
};

/** The parameters of a checkpoint, asked for by the network's names; `prefix` stands before the checkpoint's own. */
export function named(p: Parameters, naming: TextArchitecture["naming"], prefix: string): Parameters {
  const inCheckpoint = (name: string) =>
    prefix + rules[naming].reduce((text, [from, to]) => text.replace(from, to), name);
  return { graph: p.graph, get: (name, shape, role) => p.get(inCheckpoint(name), shape, role) };
}
