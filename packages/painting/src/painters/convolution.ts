/** An untrained convolutional network that paints from fixed noise (Ulyanov et al. 2018, Deep Image Prior). */

import {
  conv,
  type GraphBuilder,
  instanceNormalization,
  leakyRelu,
  reshape,
  resize,
  sigmoid,
  tile,
  type Value,
} from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { filledWith, normal, type Variables } from "@optogram/training";
import { type Colours, coloured, typicalColours } from "./colours.ts";
import type { Painter, PaintOptions } from "./painter.ts";

export interface ConvolutionOptions {
  /** Channels of every layer. */
  readonly width?: number;
  /** Of the noise, which all pictures start from. */
  readonly seed?: number;
  readonly colours?: Colours;
}

/** The noise has at most this side. */
const coarsest = 8;

/** Of the weights that paint: pictures begin nearly grey. */
const faint = 0.3;

/**
 * Noise → (conv 3 × 3, normalisation, leaky ReLU, twice the size) … → conv 3 × 3 → picture. Each picture has a network
 * of its own: its channels are a group of the convolutions.
 */
export function convolutionPainter(options: ConvolutionOptions = {}): Painter {
  const { width = 32, seed = 0, colours = typicalColours } = options;
  return {
    name: "convolution",
    rate: 0.01,
    paint(variables, paint) {
      const { count, size } = paint;
      const sides = sidesTo(size);
      let x = tile(noise(variables.graph, width, sides[0], seed), [1, count, 1, 1]);
      for (const [i, side] of sides.entries()) {
        if (i > 0) x = resize(x, [side, side], "linear");
        x = layer(variables, `layers.${i}`, x, width, paint);
      }
      const channels = convolved(variables, "head", x, width, 3, paint, faint);
      return sigmoid(coloured(reshape(channels, [count, 3, size, size]), colours));
    },
  };
}

/** From the noise's side to `size`, each about twice the one before. */
function sidesTo(size: number): number[] {
  const sides = [size];
  while (sides[0] > coarsest) sides.unshift(Math.ceil(sides[0] / 2));
  return sides;
}

function noise(graph: GraphBuilder, channels: number, side: number, seed: number): Value {
  const random = seededRandom(seed);
  return graph.constant(normal(() => random.normal(), [1, channels, side, side], 1));
}

function layer(variables: Variables, name: string, x: Value, width: number, paint: PaintOptions): Value {
  const { count } = paint;
  const y = convolved(variables, name, x, width, width, paint);
  const scale = variables.parameter(`${name}.scale`, filledWith(1, [count, width]));
  const bias = variables.parameter(`${name}.bias`, filledWith(0, [count, width]));
  return leakyRelu(instanceNormalization(y, reshape(scale, [-1]), reshape(bias, [-1])), 0.2);
}

/** x [1, count · inputs, h, w] → [1, count · outputs, h, w]; weights with the variance of He et al. 2015. */
function convolved(
  variables: Variables,
  name: string,
  x: Value,
  inputs: number,
  outputs: number,
  { count, random }: PaintOptions,
  gain = 1,
): Value {
  const initial = normal(random, [count, outputs, inputs, 3, 3], gain * Math.sqrt(2 / (9 * inputs)));
  const weight = reshape(variables.parameter(`${name}.weight`, initial), [count * outputs, inputs, 3, 3]);
  return conv(x, weight, undefined, { padding: 1, groups: count });
}
