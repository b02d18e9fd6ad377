/** The sparse autoencoder as a graph: f = σ(W_eᵀ(x − b_d) + b_e), x̂ = f W_d + b_d, with unit rows in W_d. */

import {
  add,
  greaterOrEqual,
  matmul,
  mul,
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

/** The k largest positive activations of each row stay (Gao et al. 2024), ties at the last place included. */
export function keepLargest(active: Value, k: number): Value {
  const { values } = topK(active, k);
  return where(greaterOrEqual(active, slice(values, 1, k - 1, k)), active, 0);
}

/** Codes [n, m] under ReLU, or under TopK where k is given. */
export function encode(sae: Autoencoder, x: Value, k?: number): Value {
  const active = relu(preActivations(sae, x));
  return k === undefined ? active : keepLargest(active, k);
}

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
 * The mean squared error that dead features leave when they alone, by their k largest activations, reconstruct the
 * residual x − x̂ (Gao et al. 2024, appendix A.2). `dead` [m] is 1 for a dead feature, else 0.
 */
export function auxiliaryError(sae: Autoencoder, pre: Value, residual: Value, dead: Value, k: number): Value {
  const candidates = keepLargest(relu(mul(pre, dead)), k);
  const error = reduceSumSquare(sub(matmul(candidates, sae.decoderWeight), residual));
  return mul(error, 1 / residual.shape[0]);
}
