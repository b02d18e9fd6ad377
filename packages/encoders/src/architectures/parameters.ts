/** Where a network's weights come from. A network is written once, against `Parameters`. */

import { float32, type GraphBuilder, sameShape, sizeOf, type Tensor, type Value } from "@optogram/onnx";
import { EncoderError } from "../error.ts";
import { normals } from "../randomise.ts";

/** Tensors by the names of timm's state dicts. */
export type Weights = Readonly<Record<string, Tensor>>;

/** What a tensor is for: matrices and kernels, tables of vectors, and what is one number a channel. */
export type Role = "weight" | "table" | "scale" | "bias";

export interface Parameters {
  readonly graph: GraphBuilder;
  get(name: string, shape: readonly number[], role: Role): Value;
}

/** The weights of a trained network. Names and shapes are checked as they are asked for. */
export function storedParameters(graph: GraphBuilder, weights: Weights): Parameters {
  return {
    graph,
    get: (name, shape) => {
      const tensor = Object.hasOwn(weights, name) ? weights[name] : undefined;
      if (!tensor)
        throw new EncoderError(
          `the weights lack ${name} [${shape}]: they are of another architecture, or under other names than timm's`,
        );
      if (!sameShape(tensor.shape, shape))
        throw new EncoderError(
          `the weights have ${name} as [${tensor.shape}], the architecture as [${shape}]: correct the architecture`,
        );
      if (tensor.dtype !== "float32")
        throw new EncoderError(`the weights have ${name} as ${tensor.dtype}: read them with readWeights`);
      return graph.initializer(name, tensor);
    },
  };
}

/**
 * Weights as a network begins its training, put into `drawn`: matrices of variance 1 / inputs, tables of deviation
 * 0.02, scales (those of layers too, so that every block counts) 1, biases 0. Each tensor has a stream of its own,
 * from the seed and its name.
 */
export function drawnParameters(
  graph: GraphBuilder,
  seed: number,
  drawn: Record<string, Tensor>,
): Parameters {
  return {
    graph,
    get: (name, shape, role) => {
      const data = new Float32Array(sizeOf(shape));
      if (role === "scale") data.fill(1);
      else if (role !== "bias") {
        const deviation = role === "table" ? 0.02 : sizeOf(shape.slice(1)) ** -0.5;
        const normal = normals(`${seed}:${name}`);
        for (let i = 0; i < data.length; i++) data[i] = deviation * normal();
      }
      drawn[name] = float32(data, shape);
      return graph.initializer(name, drawn[name]);
    },
  };
}
