/** The picture as it is: a free number a pixel and channel. */

import { float32, sigmoid } from "@optogram/onnx";
import { normal } from "@optogram/training";
import { logitsOf } from "./logits.ts";
import type { Painter } from "./painter.ts";

/** Of the initial logits: nearly grey. */
const deviation = 0.2;

/** picture = σ(z), z free. */
export function pixelPainter(): Painter {
  return {
    name: "pixels",
    rate: 0.05,
    paint: (variables, { count, size, random }) =>
      sigmoid(variables.parameter("pixels", normal(random, [count, 3, size, size], deviation))),
    trace: (picture, size) => ({ pixels: float32(logitsOf(picture), [1, 3, size, size]) }),
  };
}
