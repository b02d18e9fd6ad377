/** Normalisation layers. */

import { attributesOf, float, type Value } from "../builder.ts";
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
