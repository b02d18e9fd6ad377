/** Normalisation layers. */

import { attributesOf, float, type Value } from "../builder.ts";
import { clip } from "./elementwise.ts";
import { positiveAxis } from "./operand.ts";

/** Over the axes from `axis` on; scale and bias have these axes' shape (Ba et al. 2016). */
export function layerNormalization(x: Value, scale: Value, bias?: Value, epsilon = 1e-5, axis = -1): Value {
  const attributes = attributesOf({ axis: positiveAxis(axis, x.shape.length), epsilon: float(epsilon) });
  const inputs = bias ? [x, scale, bias] : [x, scale];
  return x.graph.node("LayerNormalization", inputs, [{ dtype: x.dtype, shape: x.shape }], attributes)[0];
}

/** x / √(mean x² + ε) · scale (Zhang & Sennrich 2019). */
export function rmsNormalization(x: Value, scale: Value, epsilon = 1e-5, axis = -1): Value {
  const attributes = attributesOf({ axis: positiveAxis(axis, x.shape.length), epsilon: float(epsilon) });
  return x.graph.node("RMSNormalization", [x, scale], [{ dtype: x.dtype, shape: x.shape }], attributes)[0];
}

/** x [n, c, ...]: over each group of channels and all positions; scale and bias [c] (Wu & He 2018). */
export function groupNormalization(
  x: Value,
  scale: Value,
  bias: Value,
  groups: number,
  epsilon = 1e-5,
): Value {
  const attributes = attributesOf({ num_groups: groups, epsilon: float(epsilon) });
  return x.graph.node(
    "GroupNormalization",
    [x, scale, bias],
    [{ dtype: x.dtype, shape: x.shape }],
    attributes,
  )[0];
}

/** x [n, c, ...]: over the positions of each channel of each image; scale and bias [c]. */
export function instanceNormalization(x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value {
  const attributes = attributesOf({ epsilon: float(epsilon) });
  return x.graph.node(
    "InstanceNormalization",
    [x, scale, bias],
    [{ dtype: x.dtype, shape: x.shape }],
    attributes,
  )[0];
}

/** x [n, c, ...] by stored statistics; all others [c]. */
export function batchNormalization(
  x: Value,
  scale: Value,
  bias: Value,
  mean: Value,
  variance: Value,
  epsilon = 1e-5,
): Value {
  const attributes = attributesOf({ epsilon: float(epsilon) });
  const inputs = [x, scale, bias, mean, variance];
  return x.graph.node("BatchNormalization", inputs, [{ dtype: x.dtype, shape: x.shape }], attributes)[0];
}

/**
 * x [n, c, ...] by the batch's own statistics, which come back as well: each channel's mean and population variance
 * over batch and positions. A running average is for the caller to keep (PyTorch averages the unbiased variance,
 * n / (n − 1) times this one).
 */
export function batchNormalizationByBatch(
  x: Value,
  scale: Value,
  bias: Value,
  epsilon = 1e-5,
): { y: Value; mean: Value; variance: Value } {
  // Without momentum, what ONNX calls running statistics are the batch's. ONNX Runtime writes them over the stored
  // ones, so these must be two tensors that nobody else reads.
  const attributes = attributesOf({ training_mode: 1, momentum: float(0), epsilon: float(epsilon) });
  const stored = [clip(scale, 0, 0), clip(bias, 0, 0)];
  const types = [x.shape, scale.shape, scale.shape].map((shape) => ({ dtype: x.dtype, shape }));
  const inputs = [x, scale, bias, ...stored];
  const [y, mean, variance] = x.graph.node("BatchNormalization", inputs, types, attributes);
  return { y, mean, variance };
}
