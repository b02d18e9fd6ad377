/** The sparse autoencoder as a graph: f = σ(W_eᵀ(x − b_d) + b_e), x̂ = f W_d + b_d, with unit rows in W_d. */

import {
  add,
  cast,
  gather,
  greater,
  greaterOrEqual,
  matmul,
  max,
  mul,
  reduceMax,
  reduceSum,
  reduceSumSquare,
  relu,
  reshape,
  slice,
  sub,
  topK,
  type Value,
  where,
} from "@optogram/onnx";

/** Shapes: encoderWeight [d, m], encoderBias [m], decoderWeight [m, d], decoderBias [d]. */
export interface Autoencoder {
  readonly encoderWeight: Value;
  readonly encoderBias: Value;
  readonly decoderWeight: Value;
  readonly decoderBias: Value;
}

/** The names under which an autoencoder's tensors are stored. */
export const tensorNames = {
  encoderWeight: "W_enc",
  encoderBias: "b_enc",
  decoderWeight: "W_dec",
  decoderBias: "b_dec",
} as const;

/**
 * x [n, d] → activations before the nonlinearity [n, m]. b_d is taken off through the bias, so that its gradient
 * costs one vector product and not one over the batch.
 */
export function preActivations(sae: Autoencoder, x: Value): Value {
  const { encoderWeight, encoderBias, decoderBias } = sae;
  const [d, m] = encoderWeight.shape;
  const centred = reshape(matmul(reshape(decoderBias, [1, d]), encoderWeight), [m]);
  return add(matmul(x, encoderWeight), sub(encoderBias, centred));
}

/** What the k largest of each row are if positive; zero elsewhere (Gao et al. 2024). Ties at the last place stay. */
export function keepLargest(pre: Value, k: number): Value {
  const { values } = topK(pre, k);
  const least = max(slice(values, 1, k - 1, k), smallestPositive);
  return mul(pre, cast(greaterOrEqual(pre, least), pre.dtype));
}

/** Of float32, subnormal numbers aside. */
const smallestPositive = 2 ** -126;

/** Codes [n, m] → reconstructions [n, d]. */
export function decode(sae: Autoencoder, codes: Value): Value {
  return add(matmul(codes, sae.decoderWeight), sae.decoderBias);
}

/** The mean over rows of the summed squared error. */
export function squaredError(x: Value, reconstruction: Value): Value {
  return mul(reduceSumSquare(sub(reconstruction, x)), 1 / x.shape[0]);
}

/** The mean over rows of Σ|f|, for codes that are not negative. */
export function l1Norm(codes: Value): Value {
  return mul(reduceSum(codes), 1 / codes.shape[0]);
}

/**
 * The mean squared error that dead features leave when they alone reconstruct the residual x − x̂ (Gao et al. 2024,
 * appendix A.2). Of the dead ones ([m]: 1 for a dead feature, else 0), the `count` with the largest activations before
 * the nonlinearity in this batch take part: chosen once a batch and not once a row, so that only their own weights
 * are computed with.
 */
export function auxiliaryError(
  sae: Autoencoder,
  x: Value,
  pre: Value,
  residual: Value,
  dead: Value,
  count: number,
): Value {
  const strength = where(greater(dead, 0), reduceMax(pre, { axes: [0] }), lowest);
  const { indices } = topK(strength, count);
  const part: Autoencoder = {
    encoderWeight: gather(sae.encoderWeight, indices, 1),
    encoderBias: gather(sae.encoderBias, indices),
    decoderWeight: gather(sae.decoderWeight, indices),
    decoderBias: sae.decoderBias,
  };
  const codes = mul(relu(preActivations(part, x)), gather(dead, indices));
  const error = reduceSumSquare(sub(matmul(codes, part.decoderWeight), residual));
  return mul(error, 1 / residual.shape[0]);
}

/** Below every activation. */
const lowest = -3e38;
