/** Where training starts: random unit dictionary rows, the encoder their transpose, b_d the data's median. */

import { float32, type Tensor } from "@optogram/onnx";
import { geometricMedian, type Random } from "@optogram/statistics";
import { tensorNames } from "./autoencoder.ts";
import { gatherRows, type Rows, rowsIn } from "./rows.ts";

/** Rows that the geometric median is computed from: it moves little with more. */
const medianRows = 10_000;

/** Embeddings → starting tensors by name. */
export function initialTensors(rows: Rows, latents: number, random: Random): Record<string, Tensor> {
  const { d } = rows;
  const decoder = new Float32Array(latents * d);
  for (let i = 0; i < latents; i++) {
    const row = Float64Array.from({ length: d }, () => random.normal());
    const length = Math.hypot(...row);
    for (let j = 0; j < d; j++) decoder[i * d + j] = row[j] / length;
  }
  const encoder = new Float32Array(d * latents);
  for (let i = 0; i < latents; i++) for (let j = 0; j < d; j++) encoder[j * latents + i] = decoder[i * d + j];
  const n = rowsIn(rows);
  const sample = gatherRows(rows, random.sample(n, Math.min(n, medianRows)));
  return {
    [tensorNames.encoderWeight]: float32(encoder, [d, latents]),
    [tensorNames.encoderBias]: float32(new Float32Array(latents)),
    [tensorNames.decoderWeight]: float32(decoder, [latents, d]),
    [tensorNames.decoderBias]: float32(geometricMedian(sample.data as Float32Array, d)),
  };
}
