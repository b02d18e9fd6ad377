/** What the stage reads of a map of features. */

import { type Artifact, columnOf, toNumbers, toTexts } from "@optogram/artifacts";
import type { Candidate, Meeting } from "./pairs.ts";

export interface Known {
  readonly candidates: readonly Candidate[];
  readonly meetings: readonly Meeting[];
  /** By feature: what it answers to; none where that is not known. */
  readonly kinds: ReadonlyMap<number, string>;
}

export async function readKnown(coactivation: Artifact): Promise<Known> {
  const [map, neighbours] = await Promise.all(
    ["map.parquet", "neighbours.parquet"].map((name) => coactivation.table(name)),
  );
  const numbers = (table: typeof map, name: string) => Array.from(toNumbers(columnOf(table, name)), Number);
  const [feature, strength, density, region] = ["feature", "strength", "density", "region"].map((name) =>
    numbers(map, name),
  );
  const label = toTexts(columnOf(map, "label"));
  const relation = toTexts(columnOf(neighbours, "relation"));
  const [from, other, score] = ["feature", "other", "score"].map((name) => numbers(neighbours, name));
  return {
    candidates: feature.map((number, i) => ({
      feature: number,
      kind: label[i] ?? `region ${region[i]}`,
      strength: strength[i],
      density: density[i],
    })),
    meetings: from.flatMap((a, i) =>
      relation[i] === "coactivation" ? [{ a, b: other[i], score: score[i] }] : [],
    ),
    kinds: new Map(feature.flatMap((number, i) => (label[i] ? [[number, label[i]] as const] : []))),
  };
}
