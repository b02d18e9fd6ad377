/** How well pictures match images and directions. All losses are one number a row: [b]. */

import {
  abs,
  add,
  averagePool,
  div,
  max,
  mul,
  reduceL2,
  reduceMean,
  reduceSum,
  sub,
  type Value,
} from "@optogram/onnx";
import { totalVariation } from "../objective.ts";

const perPicture = { axes: [1, 2, 3] };

/** Levels of the pyramid on which pictures and images are compared: the side halves from one to the next. */
const levels = 3;

/**
 * Mean absolute difference, averaged over a pyramid (whole, half and quarter side, so that masses are in place before
 * details), plus `edges` times that of the slopes (so that contours are worth drawing).
 */
export function imageLoss(pictures: Value, images: Value, edges: number): Value {
  // Pooling and slopes are linear: the difference is pooled once instead of both.
  let difference = sub(pictures, images);
  const slopes = totalVariation(difference);
  let sum = reduceMean(abs(difference), perPicture);
  for (let level = 1; level < levels; level++) {
    difference = averagePool(difference, { kernel: [2, 2], stride: 2 });
    sum = add(sum, reduceMean(abs(difference), perPicture));
  }
  return add(mul(sum, 1 / levels), mul(slopes, edges));
}

/** Cosine similarity along the last axis, of shapes that broadcast. */
export function cosineSimilarity(a: Value, b: Value): Value {
  const axes = [a.shape.length - 1];
  const lengths = mul(reduceL2(a, { axes }), reduceL2(b, { axes }));
  return div(reduceSum(mul(a, b), { axes }), max(lengths, 1e-12));
}
