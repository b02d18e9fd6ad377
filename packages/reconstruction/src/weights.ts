/** Weights of the reconstructor: of a transformer, and of convolutions with BatchNorm. */

import { storedWeights, trainedWeights, type Weights } from "@optogram/networks";
import {
  add,
  batchNormalization,
  batchNormalizationByBatch,
  type GraphBuilder,
  mul,
  sizeOf,
  type Tensor,
  type Value,
} from "@optogram/onnx";
import { filledWith, type Normal, type Variables } from "@optogram/training";

export interface ReconstructorWeights extends Weights {
  /**
   * x [b, c, h, w], each channel at mean 0 and variance 1, then scaled and shifted (Ioffe & Szegedy 2015). What comes in
   * is `unit` times as large as the network has it, and so is what goes out.
   */
  batchNorm(name: string, x: Value, unit: number): Value;
}

/** PyTorch's. */
const momentum = 0.1;
const epsilon = 1e-5;

/** Fresh weights that the training step will change. BatchNorm goes by the batch and keeps running statistics. */
export function freshReconstructor(variables: Variables, random: Normal): ReconstructorWeights {
  const weights = trainedWeights(variables, random);
  const running = (name: string, start: number, now: Value) => {
    const old = variables.state(name, filledWith(start, now.shape));
    variables.assign(old, add(mul(old, 1 - momentum), mul(now, momentum)));
  };
  return {
    ...weights,
    batchNorm: (name, x, unit) => {
      const [, channels] = x.shape;
      const scale = mul(weights.vector(`${name}.scale`, channels, 1), unit);
      const bias = mul(weights.vector(`${name}.bias`, channels, 0), unit);
      const { y, mean, variance } = batchNormalizationByBatch(x, scale, bias, epsilon * unit ** 2);
      const count = sizeOf(x.shape) / channels;
      running(`${name}.mean`, 0, mul(mean, 1 / unit));
      // Unbiased, as PyTorch keeps it.
      running(`${name}.variance`, 1, mul(variance, count / (count - 1) / unit ** 2));
      return y;
    },
  };
}

/** The weights of a trained network. BatchNorm goes by the running statistics, so that no picture depends on others. */
export function trainedReconstructor(
  graph: GraphBuilder,
  tensors: Readonly<Record<string, Tensor>>,
): ReconstructorWeights {
  const weights = storedWeights(graph, tensors);
  return {
    ...weights,
    batchNorm: (name, x, unit) => {
      const [scale, bias, mean, variance] = ["scale", "bias", "mean", "variance"].map((part) =>
        mul(weights.vector(`${name}.${part}`, x.shape[1], 0), part === "variance" ? unit ** 2 : unit),
      );
      return batchNormalization(x, scale, bias, mean, variance, epsilon * unit ** 2);
    },
  };
}
