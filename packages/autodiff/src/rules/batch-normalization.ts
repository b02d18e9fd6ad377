/** BatchNormalization: by stored statistics, or by the batch's own (Ioffe & Szegedy 2015). */

import {
  add,
  batchNormalization,
  batchNormalizationByBatch,
  div,
  filled,
  matmul,
  mul,
  neg,
  pow,
  reduceSum,
  reshape,
  sizeOf,
  sqrt,
  sub,
  transposeLast,
  type Value,
} from "@optogram/onnx";
import { type RuleNode, range } from "../rule.ts";

/** Gradients for x [n, c, ...], scale, bias, and the stored mean and variance (all [c]). */
export function batchGradients(n: RuleNode): (Value | undefined)[] {
  const [x, scale] = [n.x(0), n.x(1)];
  const training = n.integer("training_mode", 0) === 1;
  const [mean, variance] = training ? batchStatistics(n) : [n.x(3), n.x(4)];
  const axes = [0, ...range(x.shape.length).slice(2)];
  const wide = (channel: Value) => reshape(channel, [-1, ...range(x.shape.length - 2).map(() => 1)]);
  const inverse = div(1, sqrt(add(variance, n.float("epsilon", 1e-5))));
  const slope = mul(scale, inverse);
  const centred = sub(x, wide(mean));
  const sum = reduceSum(n.dy, { axes });
  const correlation = channelProducts(n.dy, centred);
  const dScale = mul(correlation, inverse);
  if (!training) {
    const direct = mul(n.dy, wide(slope));
    const dVariance = mul(mul(correlation, mul(scale, pow(inverse, 3))), -0.5);
    return [direct, dScale, sum, neg(mul(sum, slope)), dVariance];
  }
  // dx = s r (dy − mean dy − x̂ mean(dy x̂)), with what belongs to a channel taken together
  const count = sizeOf(x.shape) / x.shape[1];
  const along = mul(mul(slope, mul(inverse, dScale)), 1 / count);
  const shift = mul(mul(slope, sum), 1 / count);
  return [sub(channelwise(n.dy, slope, neg(shift)), mul(centred, wide(along))), dScale, sum];
}

/** Σ a b over batch and positions of each channel. A product of matrices, which keeps no a b; without positions, a sum. */
function channelProducts(a: Value, b: Value): Value {
  const [batch, channels, ...positions] = a.shape;
  if (positions.length === 0) return reduceSum(mul(a, b), { axes: [0] });
  const rows = (x: Value) => reshape(x, [batch * channels, 1, -1]);
  const products = matmul(rows(a), transposeLast(rows(b)));
  return reduceSum(reshape(products, [batch, channels]), { axes: [0] });
}

/** s x + t, both of the channel: one pass where a product and a sum are two. */
function channelwise(x: Value, s: Value, t: Value): Value {
  const constant = (value: number) => x.graph.constant(filled(x.dtype, s.shape, value));
  return batchNormalization(x, s, t, constant(0), constant(1), 0);
}

/** Mean and population variance of each channel over the batch. */
function batchStatistics(n: RuleNode): Value[] {
  const type = { dtype: n.x().dtype, shape: n.x(1).shape };
  const { graph } = n.x();
  // Without momentum the new running statistics are the batch's own.
  if (n.float("momentum", 0.9) === 0)
    return [graph.furtherOutput(n.y, 1, type), graph.furtherOutput(n.y, 2, type)];
  const { mean, variance } = batchNormalizationByBatch(n.x(0), n.x(1), n.x(2));
  return [mean, variance];
}
