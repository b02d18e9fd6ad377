/** Evaluations made up, for tests of what is done with scores. */

import { type Entry, type Evaluation, measuresOf } from "@optogram/evaluate-encoders";
import { seededRandom } from "@optogram/statistics";

export function encoder(name: string, tokens: number, layer = "last", block = 4): Entry {
  const facts = {
    name,
    title: `The encoder ${name}`,
    layer,
    block,
    tokens,
    width: 8,
    input: [32, 32] as const,
  };
  return {
    id: layer === "last" ? name : `${name}@${layer}`,
    kind: "encoder",
    encoder: facts,
    size: [32, 32],
  };
}

/** Values about `mean`, of standard deviation 0.05. */
export function noisy(count: number, mean: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal(mean, 0.05));
}

/** One judge; every measure has the same values of an entry. */
export function evaluationOf(
  entries: readonly Entry[],
  values: Readonly<Record<string, Float32Array>>,
  compared = false,
): Evaluation {
  const measures = measuresOf([{ name: "judge", title: "A judge", compared }]);
  const rows = entries.flatMap(({ id }) => measures.map(() => values[id]));
  return {
    ...{ entries, measures },
    images: Array.from(values[entries[0].id], (_, i) => 2 * i),
    values: Float32Array.from(rows.flatMap((row) => Array.from(row))),
  };
}
