/** Encoders that say how like two pictures are. */

import { type Encoder, openEncoder, readEncoder } from "@optogram/encoders";
import type { Picture } from "@optogram/images";
import type { Judge } from "./evaluation.ts";
import { joined } from "./painters.ts";

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
  options: { readonly device: string; readonly batch: number },
): Promise<OpenJudge> {
  const parts = await readEncoder(name);
  const encoder: Encoder = await openEncoder(parts, options);
  return {
    ...{ name: parts.card.name, title: parts.card.title, digest: parts.digest },
    compared: compared.has(parts.digest),
    async embed(pictures) {
      const inputs = joined(pictures.map((picture) => encoder.preprocess(picture)));
      const embeddings = await encoder.embed(inputs, pictures.length);
      return pictures.map((_, i) =>
        unit(embeddings.subarray(i * encoder.dimension, (i + 1) * encoder.dimension)),
      );
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
