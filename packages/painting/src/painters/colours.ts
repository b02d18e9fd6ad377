/**
 * Colours with the correlation of natural pictures taken out, so that a search moves along brightness more easily than
 * along hue (Olah et al. 2017, Feature Visualization, "Preconditioning and parameterization").
 */

import { add, float32, matmul, reshape, type Value } from "@optogram/onnx";
import { pca } from "@optogram/statistics";
import { logitsOf } from "./logits.ts";

/** logits = mean + root · channels for three channels of variance 1 that do not correlate. */
export interface Colours {
  /** [3]: logits of red, green, blue. */
  readonly mean: readonly number[];
  /** [3, 3] row-major: a row a colour, a column a channel. */
  readonly root: readonly number[];
}

/** Column lengths of brightness, blue to yellow and green to magenta, roughly those of photographs. */
const strengths = [1.6, 0.45, 0.2];

/** The principal axes of colour in natural pictures (Ohta, Kanade & Sakai 1980): R+G+B, R−B, 2G−R−B. */
const axes = [
  [1, 1, 1].map((x) => x / Math.sqrt(3)),
  [1, 0, -1].map((x) => x / Math.sqrt(2)),
  [-1, 2, -1].map((x) => x / Math.sqrt(6)),
];

export const typicalColours: Colours = {
  mean: [0, 0, 0],
  root: [0, 1, 2].flatMap((colour) => axes.map((axis, i) => axis[colour] * strengths[i])),
};

/** The colours of pictures [n, 3, size, size] in 0..1: mean and principal axes of their pixels' logits. */
export function measureColours(pictures: Float32Array, size: number): Colours {
  const plane = size * size;
  const logits = logitsOf(pictures);
  const rows = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i++) {
    const [picture, within] = [Math.floor(i / (3 * plane)), i % (3 * plane)];
    rows[(picture * plane + (within % plane)) * 3 + Math.floor(within / plane)] = logits[i];
  }
  const { mean, components, variance } = pca(rows, 3, 3);
  // Pictures without colour still leave a root that can be inverted.
  const lengths = variance.map((v) => Math.sqrt(Math.max(v, 1e-3 * variance[0], 1e-6)));
  const root = [0, 1, 2].flatMap((colour) =>
    Array.from(lengths, (length, i) => components[i * 3 + colour] * length),
  );
  return { mean: [...mean], root };
}

/** Channels [count, 3, h, w] as logits of red, green and blue. */
export function coloured(channels: Value, { mean, root }: Colours): Value {
  const { graph, shape } = channels;
  const [count, , height, width] = shape;
  const mixed = matmul(graph.constant(float32(root, [3, 3])), reshape(channels, [count, 3, height * width]));
  return reshape(add(mixed, graph.constant(float32(mean, [3, 1]))), shape);
}

/** The channels of a picture [3, size, size] in 0..1: root⁻¹ (logits − mean). */
export function channelsOf(picture: Float32Array, { mean, root }: Colours): Float32Array {
  const plane = picture.length / 3;
  const logits = logitsOf(picture);
  const inverse = inverted(root);
  const channels = new Float32Array(picture.length);
  for (let channel = 0; channel < 3; channel++)
    for (let colour = 0; colour < 3; colour++) {
      const share = inverse[channel * 3 + colour];
      for (let i = 0; i < plane; i++)
        channels[channel * plane + i] += share * (logits[colour * plane + i] - mean[colour]);
    }
  return channels;
}

/** The inverse of a 3 × 3 matrix, by cofactors. */
function inverted(m: readonly number[]): number[] {
  const cofactor = (row: number, column: number) => {
    const [r1, r2] = [(row + 1) % 3, (row + 2) % 3];
    const [c1, c2] = [(column + 1) % 3, (column + 2) % 3];
    return m[r1 * 3 + c1] * m[r2 * 3 + c2] - m[r1 * 3 + c2] * m[r2 * 3 + c1];
  };
  const determinant = m[0] * cofactor(0, 0) + m[1] * cofactor(0, 1) + m[2] * cofactor(0, 2);
  return [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
