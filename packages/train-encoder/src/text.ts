/** A small text tower over a closed vocabulary of words. */

import { norm, type TransformerShape, transformer, type Weights } from "@optogram/networks";
import { add, div, gather, mul, reduceSum, reshape, sub, type Tensor, type Value } from "@optogram/onnx";

export interface TextShape extends TransformerShape {
  /** Tokens a text; shorter ones are padded, longer ones cut. */
  readonly context: number;
  readonly vocabulary: readonly string[];
}

/** Token 0 is padding; word i of the vocabulary is token i + 1. Throws at a word that the vocabulary lacks. */
export function tokenize(texts: readonly string[], { context, vocabulary }: TextShape): Tensor {
  const ids = new Map(vocabulary.map((word, i) => [word, i + 1]));
  const data = new BigInt64Array(texts.length * context);
  texts.forEach((text, row) => {
    text
      .split(" ")
      .slice(0, context)
      .forEach((word, i) => {
        const id = ids.get(word);
        if (id === undefined) throw new Error(`"${word}" (in "${text}") is not in the vocabulary`);
        data[row * context + i] = BigInt(id);
      });
  });
  return { dtype: "int64", shape: [texts.length, context], data };
}

/** 1 for words and 0 for padding, float32 [b, context]. */
export function presenceOf(tokens: Tensor): Tensor {
  const data = Float32Array.from(tokens.data as BigInt64Array, (id) => (id === 0n ? 0 : 1));
  return { dtype: "float32", shape: tokens.shape, data };
}

/** tokens int64 [b, context], present float32 [b, context] → [b, width]: the mean over the words. */
export function textTower(w: Weights, tokens: Value, present: Value, shape: TextShape): Value {
  const { context, width, vocabulary } = shape;
  const [b] = tokens.shape;
  const words = gather(w.table("text.words", [vocabulary.length + 1, width]), tokens);
  const x = add(words, w.table("text.positions", [1, context, width]));
  const mask = reshape(mul(sub(1, present), -1e4), [b, 1, 1, context]);
  const blocks = transformer(w, "text", x, shape, mask);
  const final = norm(w, "text.norm", blocks[blocks.length - 1]);
  const weights = reshape(present, [b, context, 1]);
  return div(reduceSum(mul(final, weights), { axes: [1] }), reduceSum(weights, { axes: [1] }));
}
