/** Which images an exemplar decoder remembers, and what it finds them by. */

import { activations, type Dictionary, directionOf, rankOf } from "@optogram/dictionary";

export interface ExemplarChoice {
  /** [images, width] */
  readonly embeddings: { readonly values: Float32Array; readonly width: number };
  readonly dictionary: Dictionary;
  /** Living features, the strongest first. */
  readonly living: readonly number[];
}

export interface ChosenExemplars {
  /** Rows of the embeddings: the images that are remembered, each once. */
  readonly rows: readonly number[];
  /** [k, width]: the embedding of every row in their order, then the direction of every feature that has one. */
  readonly keys: Float32Array;
  /** [k]: which of the rows a key stands for. */
  readonly of: readonly number[];
}

/**
 * Up to `count` different images: for each feature the one that shows it best, the strongest features first; what is
 * left is filled with images evenly spaced. They are found by their embeddings, those of a feature by its direction too.
 */
export function chooseExemplars(given: ExemplarChoice, count: number): ChosenExemplars {
  const { embeddings, dictionary, living } = given;
  const { values, width } = embeddings;
  const total = values.length / width;
  const best = bestImages(given);
  const most = Math.min(count, total);
  const chosen = new Set<number>();
  for (const feature of living) {
    const image = best.get(feature);
    if (image !== undefined && chosen.size < most) chosen.add(image);
  }
  for (let i = 0; i < most && chosen.size < most; i++) chosen.add(Math.floor((i * total) / most));
  for (let i = 0; chosen.size < most; i++) chosen.add(i);
  const rows = [...chosen];
  const shown = living.flatMap((feature) => {
    const of = rows.indexOf(best.get(feature) ?? -1);
    const direction = directionOf(dictionary, feature);
    return of >= 0 && direction ? [{ of, direction }] : [];
  });
  const keys = new Float32Array((rows.length + shown.length) * width);
  for (const [i, row] of rows.entries()) keys.set(values.subarray(row * width, (row + 1) * width), i * width);
  for (const [i, { direction }] of shown.entries()) keys.set(direction, (rows.length + i) * width);
  return { rows, keys, of: [...rows.keys(), ...shown.map(({ of }) => of)] };
}

/** Of each feature the image in which it ranks highest among all; among equals that in which it is most active. None of one that is active in none. */
function bestImages({ embeddings, dictionary, living }: ExemplarChoice): ReadonlyMap<number, number> {
  const { values, width } = embeddings;
  const best = new Map<number, { image: number; rank: number; activation: number }>();
  for (let image = 0; image < values.length / width; image++) {
    const row = activations(dictionary, values.subarray(image * width, (image + 1) * width));
    for (const feature of living) {
      const activation = row[feature];
      // Most features are silent in most images.
      if (activation === 0) continue;
      const rank = rankOf(row, feature);
      const known = best.get(feature);
      if (!known || rank < known.rank || (rank === known.rank && activation > known.activation))
        best.set(feature, { image, rank, activation });
    }
  }
  return new Map([...best].map(([feature, { image }]) => [feature, image]));
}
