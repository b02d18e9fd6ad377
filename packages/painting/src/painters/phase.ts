/**
 * The picture's magnitudes are given, its phases are free (Fel et al. 2023, Unlocking Feature Visualization for Deeper
 * Networks with MAgnitude Constrained Optimization).
 */

import { concat, cos, float32, matmul, mul, sigmoid, sin, split, type Value } from "@optogram/onnx";
import { normal } from "@optogram/training";
import { channelsOf, coloured } from "./colours.ts";
import type { Painter } from "./painter.ts";
import { halfOf, halfTransform, type Spectrum } from "./spectrum.ts";

/**
 * picture = σ(mean + root · Re F⁻¹(r e^(iφ))) for given magnitudes r and free phases φ. Along the frequencies 0 and
 * n/2 of the last axis, where both of a conjugate pair are free and the real part is their mean, magnitudes are at
 * most r.
 */
export function phasePainter(spectrum: Spectrum): Painter {
  const { colours, magnitudes } = spectrum;
  const requireSize = (size: number) => {
    if (size !== spectrum.size)
      throw new RangeError(
        `phase painter: the spectrum is of pictures of ${spectrum.size} pixels, not ${size}: measure it at that size`,
      );
  };
  return {
    name: "phase",
    rate: 0.1,
    paint(variables, { count, size, random }) {
      requireSize(size);
      const half = halfOf(size);
      const phases = variables.parameter("phases", normal(random, [count, 3, size, half], Math.PI));
      const magnitude = variables.graph.constant(float32(magnitudes, [3, size, half]));
      const channels = inverse(mul(cos(phases), magnitude), mul(sin(phases), magnitude), size);
      return sigmoid(coloured(channels, colours));
    },
    trace(picture, size) {
      requireSize(size);
      const plane = size * size;
      const half = size * halfOf(size);
      const channels = channelsOf(picture, colours);
      const phases = new Float32Array(3 * half);
      for (let channel = 0; channel < 3; channel++) {
        const part = halfTransform(channels.subarray(channel * plane, (channel + 1) * plane), size);
        phases.set(
          part.real.map((value, k) => Math.atan2(part.imaginary[k], value)),
          channel * half,
        );
      }
      return { phases: float32(phases, [1, 3, size, halfOf(size)]) };
    },
  };
}

/**
 * The inverse of `halfTransform`, frequencies [..., n, n/2 + 1] as pixels [..., n, n], as two products with matrices
 * of cosines and sines. Along the first axis, for real part R and imaginary part I stacked:
 * [[C, −S], [S, C]] [R; I] / √n; along the second, where each frequency but 0 and n/2 stands for two:
 * [R, I] [w C; −w S] / √n with weights w of 1 or 2.
 */
function inverse(real: Value, imaginary: Value, n: number): Value {
  const { graph } = real;
  const h = halfOf(n);
  const first = new Float32Array(4 * n * n);
  for (let x = 0; x < n; x++)
    for (let u = 0; u < n; u++) {
      const angle = (2 * Math.PI * ((x * u) % n)) / n;
      const [c, s] = [Math.cos(angle) / Math.sqrt(n), Math.sin(angle) / Math.sqrt(n)];
      first[x * 2 * n + u] = c;
      first[x * 2 * n + n + u] = -s;
      first[(n + x) * 2 * n + u] = s;
      first[(n + x) * 2 * n + n + u] = c;
    }
  const second = new Float32Array(2 * h * n);
  for (let v = 0; v < h; v++)
    for (let y = 0; y < n; y++) {
      const angle = (2 * Math.PI * ((v * y) % n)) / n;
      const weight = (v === 0 || 2 * v === n ? 1 : 2) / Math.sqrt(n);
      second[v * n + y] = weight * Math.cos(angle);
      second[(h + v) * n + y] = -weight * Math.sin(angle);
    }
  const columns = matmul(graph.constant(float32(first, [2 * n, 2 * n])), concat([real, imaginary], -2));
  const parts = concat(split(columns, [n, n], -2), -1);
  return matmul(parts, graph.constant(float32(second, [2 * h, n])));
}
