/** Encoders that say how like two pictures are. */

import { type Encoder, type EncoderOptions, openEncoder, readEncoder } from "@optogram/encoders";
import type { Picture } from "@optogram/images";
import { rowsOf, stacked } from "@optogram/statistics";
import type { Judge } from "./evaluation.ts";

export interface OpenJudge extends Judge {
  /** Of card and weights. */
  readonly digest: string;
  /** Pictures to embeddings of unit length, one each. */
  embed(pictures: readonly Picture[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** `compared`: digests of the encoders under comparison. */
export async function openJudge(
  name: string,
  compared: ReadonlySet<string>,
  options: EncoderOptions,
): Promise<OpenJudge> {
  const parts = await readEncoder(name, options);
  const encoder: Encoder = await openEncoder(parts, options);
  return {
    ...{ name: parts.card.name, title: parts.card.title, digest: parts.digest },
    compared: compared.has(parts.digest),
    async embed(pictures) {
      const inputs = stacked(pictures.map((picture) => encoder.preprocess(picture)));
      const embeddings = await encoder.embed(inputs, pictures.length);
      return rowsOf(embeddings, pictures.length).map(unit);
    },
    close: () => encoder.close(),
  };
}

function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values));
  return values.map((value) => (length > 0 ? value / length : 0));
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
