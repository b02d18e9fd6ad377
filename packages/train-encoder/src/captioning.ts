/** Captions written word by word from an image's tokens (Wan et al. 2024, LocCa; Wang et al. 2022, SimVLM's prefix). */

import { linear, norm, transformer, type Weights } from "@optogram/networks";
import {
  add,
  concat,
  div,
  float32,
  gather,
  gatherElements,
  int64,
  logSoftmax,
  mul,
  reduceSum,
  reshape,
  slice,
  type Tensor,
  unsqueeze,
  type Value,
} from "@optogram/onnx";
import type { TextShape } from "./text.ts";

/**
 * The mean cross-entropy of a caption's words, each from the image's tokens [b, n, d] and the words before it; captions
 * int64 [b, t] and present [b, t] as for the text tower. Padding (0) also stands for the beginning.
 */
export function captionLoss(
  w: Weights,
  image: Value,
  captions: Value,
  present: Value,
  shape: TextShape,
): Value {
  const { context, width, vocabulary } = shape;
  const [b, n] = image.shape;
  const start = w.graph.constant({ ...int64(new Array(b).fill(0)), shape: [b, 1] });
  const before = concat([start, slice(captions, 1, 0, context - 1)], 1);
  const words = add(
    gather(w.table("caption.words", [vocabulary.length + 1, width]), before),
    w.table("caption.positions", [1, context, width]),
  );
  const prefix = linear(w, "caption.image", image, width);
  const mask = w.graph.constant(prefixMask(n, context));
  const blocks = transformer(w, "caption", concat([prefix, words], 1), shape, mask);
  const read = slice(norm(w, "caption.norm", blocks[blocks.length - 1]), 1, n, n + context);
  const said = logSoftmax(linear(w, "caption.head", read, vocabulary.length + 1));
  const right = reshape(gatherElements(said, unsqueeze(captions, [2]), 2), [b, context]);
  return mul(div(reduceSum(mul(right, present)), reduceSum(present)), -1);
}

/** [1, 1, n + t, n + t], added to logits: all see the prefix of n tokens, and of the t after it those up to themselves. */
export function prefixMask(n: number, t: number): Tensor {
  const side = n + t;
  const data = Float32Array.from({ length: side ** 2 }, (_, at) => {
    const [from, to] = [Math.floor(at / side), at % side];
    return to < n || to <= from ? 0 : -1e4;
  });
  return float32(data, [1, 1, side, side]);
}
