/** From pictures to what an encoder reads, inside a graph. */

import type { Preprocessing } from "@optogram/images";
import { concat, div, float32, mul, slice, sub, type Value } from "@optogram/onnx";

/** pictures [n, 3, h, w] of red, green, blue from 0 to 1 as an encoder's input: (pixel × scale − mean) / std. */
export function normalise(pictures: Value, { mean, std, scale, channels }: Preprocessing): Value {
  const triple = (values: readonly number[]) => pictures.graph.constant(float32(values, [1, 3, 1, 1]));
  // The card's scale applies to pixels from 0 to 255.
  const pixels = scale === 1 ? mul(pictures, 255) : pictures;
  const input = div(sub(pixels, triple(mean)), triple(std));
  if (channels === "rgb") return input;
  return concat(
    [2, 1, 0].map((channel) => slice(input, 1, channel, channel + 1)),
    1,
  );
}
