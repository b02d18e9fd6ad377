/** The picture as waves: coefficients scaled by 1 / frequency, colours decorrelated (Olah et al. 2017). */

import { float32, mul, sigmoid } from "@optogram/onnx";
import { normal } from "@optogram/training";
import { type Colours, channelsOf, coloured, typicalColours } from "./colours.ts";
import type { Painter } from "./painter.ts";
import { coefficientsOf, fourierWaves, naturalAmplitudes, pixelsOf } from "./waves.ts";

export interface FourierOptions {
  /** Default: roughly those of photographs. */
  readonly colours?: Colours;
}

/** Of the initial coefficients, where 1 has the contrast of a whole picture. */
const deviation = 0.2;

/** picture = σ(mean + root · B (a ∘ z) Bᵀ) for free coefficients z, amplitudes a and the real Fourier basis B. */
export function fourierPainter({ colours = typicalColours }: FourierOptions = {}): Painter {
  return {
    name: "fourier",
    rate: 0.08,
    paint(variables, { count, size, random }) {
      const waves = fourierWaves(size);
      const free = variables.parameter("coefficients", normal(random, [count, 3, size, size], deviation));
      const amplitudes = variables.graph.constant(float32(naturalAmplitudes(waves), [size, size]));
      return sigmoid(coloured(pixelsOf(mul(free, amplitudes), waves), colours));
    },
    trace(picture, size) {
      const waves = fourierWaves(size);
      const amplitudes = naturalAmplitudes(waves);
      const channels = channelsOf(picture, colours);
      const coefficients = new Float32Array(picture.length);
      const plane = size * size;
      for (let channel = 0; channel < 3; channel++) {
        const part = channels.subarray(channel * plane, (channel + 1) * plane);
        coefficients.set(
          coefficientsOf(part, waves).map((value, i) => value / amplitudes[i]),
          channel * plane,
        );
      }
      return { coefficients: float32(coefficients, [1, 3, size, size]) };
    },
  };
}
