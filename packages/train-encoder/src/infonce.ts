/** Symmetric softmax contrast between images and texts (Radford et al. 2021, CLIP, figure 3). */

import type { Weights } from "@optogram/networks";
import {
  add,
  div,
  exp,
  logSoftmax,
  matmul,
  max,
  min,
  mul,
  reduceSum,
  sign,
  transpose,
  type Value,
} from "@optogram/onnx";

/** The temperature's logarithm may grow to that of 100, as CLIP has it. */
const hottest = Math.log(100);

/**
 * Half the cross-entropy of each image over all texts and half that of each text over all images, for unit embeddings
 * images [n, d] and texts [m, d], with matches [n, m] 1 or −1. Where several match, the target is spread evenly over
 * them (Yang et al. 2022, UniCL, equation 3); a text that describes no image of the batch has no say.
 * Temperature exp(t′) starts at 1 / 0.07.
 */
export function infonceLoss(w: Weights, images: Value, texts: Value, matches: Value): Value {
  const temperature = exp(min(w.scalar("logit.temperature", Math.log(1 / 0.07)), hottest));
  const logits = mul(matmul(images, transpose(texts)), temperature);
  const positive = mul(add(matches, 1), 0.5);
  return mul(add(spread(logits, positive), spread(transpose(logits), transpose(positive))), 0.5);
}

/** The mean over rows with positives of −Σⱼ pⱼ log softmax(logits)ⱼ, p even over a row's positives. */
function spread(logits: Value, positive: Value): Value {
  const count = reduceSum(positive, { axes: [1], keep: true });
  const targets = div(positive, max(count, 1));
  const rows = reduceSum(sign(count));
  return div(mul(reduceSum(mul(targets, logSoftmax(logits))), -1), rows);
}
