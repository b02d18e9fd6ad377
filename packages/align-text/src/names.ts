/** Names of directions: the texts that lie nearest to each in the joint space. */

import { directionOf } from "@optogram/dictionary";
import { readStudy } from "@optogram/dictionary/study";
import type { OpenOptions } from "@optogram/images";
import { under } from "./rows.ts";

export interface Directions {
  /** Numbers of the living features, in order. */
  readonly features: Uint32Array;
  /** Where they point among the image tower's embeddings, a row each. */
  readonly rows: Float32Array;
}

/** Of a dictionary that was trained on the features, by their folders. */
export async function directionsOf(
  features: string,
  sae: string,
  options: OpenOptions = {},
): Promise<Directions> {
  const { dictionary, living } = await readStudy(features, sae, options);
  const known = [...living]
    .sort((a, b) => a - b)
    .flatMap((feature) => {
      const row = directionOf(dictionary, feature);
      return row ? [{ feature, row }] : [];
    });
  return {
    features: Uint32Array.from(known, ({ feature }) => feature),
    rows: under(known.map(({ row }) => row)),
  };
}

/** Names that are kept of each direction. */
export const namesKept = 3;

export interface Names {
  /** Texts of each direction, nearest first; directions × k. */
  readonly k: number;
  readonly indices: Uint32Array;
  readonly cosines: Float32Array;
  /**
   * How far each stands out: the cosine less the text's mean over all directions, in standard deviations of what all
   * texts have so for this direction. A text that is near to everything is nobody's name.
   */
  readonly scores: Float32Array;
}

/** Rows of unit length, row-major. The order is that of the scores. */
export function nameDirections(directions: Float32Array, texts: Float32Array, d: number): Names {
  const [n, m] = [directions.length / d, texts.length / d];
  const k = Math.min(namesKept, m);
  const cosines = new Float32Array(n * m);
  const means = new Float64Array(m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += directions[i * d + c] * texts[j * d + c];
      cosines[i * m + j] = sum;
      means[j] += sum / n;
    }
  const names = {
    indices: new Uint32Array(n * k),
    cosines: new Float32Array(n * k),
    scores: new Float32Array(n * k),
  };
  for (let i = 0; i < n; i++) {
    const row = Float64Array.from(means, (mean, j) => cosines[i * m + j] - mean);
    const centre = row.reduce((sum, value) => sum + value, 0) / m;
    const deviation = Math.sqrt(row.reduce((sum, value) => sum + (value - centre) ** 2, 0) / m);
    const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    for (let r = 0; r < k; r++) {
      const text = order[r];
      names.indices[i * k + r] = text;
      names.cosines[i * k + r] = cosines[i * m + text];
      names.scores[i * k + r] = deviation > 0 ? (row[text] - centre) / deviation : 0;
    }
  }
  return { k, ...names };
}
