/** An embedding taken apart into features, and how much of it they explain. */

import { type Activation, codeOf, type Dictionary } from "./dictionary.ts";
import { cosine } from "./direction.ts";

export interface Component extends Activation {
  /** Of the embedding with what this feature and the stronger ones rebuild of it. */
  readonly cosine: number;
}

export interface Decomposition {
  /** Cosine of the embedding with b_dec, which is what no feature rebuilds. */
  readonly baseline: number;
  /** The features of its code, strongest first. */
  readonly components: readonly Component[];
}

export function decompose(dictionary: Dictionary, embedding: Float32Array): Decomposition {
  const { dimensions: d, decoderWeight } = dictionary;
  const rebuilt = Float32Array.from(dictionary.decoderBias);
  const baseline = cosine(embedding, rebuilt);
  const components = codeOf(dictionary, embedding).map(({ feature, value }) => {
    for (let i = 0; i < d; i++) rebuilt[i] += value * decoderWeight[feature * d + i];
    return { feature, value, cosine: cosine(embedding, rebuilt) };
  });
  return { baseline, components };
}
