/** The tables of the stage; their columns are described in the package's README. */

import { binaries, lists, structs, table } from "@optogram/artifacts";
import type { ProbedThing, Split, SplitEnd } from "./splits.ts";

export interface PicturedThing extends ProbedThing {
  /** WebP files, one a shot. */
  readonly pictures: readonly Uint8Array[];
}

export function probesTable(things: readonly PicturedThing[]) {
  const rows = things.flatMap(({ name, shots, pictures, curves }) =>
    shots.map(({ probe, value }, i) => ({
      name,
      probe,
      value,
      picture: pictures[i],
      active: activeAt(curves, i),
    })),
  );
  const offsets = new Int32Array(rows.length + 1);
  for (const [i, { active }] of rows.entries()) offsets[i + 1] = offsets[i] + active.length;
  const all = rows.flatMap(({ active }) => active);
  return table({
    thing: rows.map(({ name }) => name),
    probe: rows.map(({ probe }) => probe),
    value: Float32Array.from(rows, ({ value }) => value),
    picture: binaries(rows.map(({ picture }) => picture)),
    activations: lists(
      offsets,
      structs({
        feature: Uint32Array.from(all, ({ feature }) => feature),
        mean: Float32Array.from(all, ({ mean }) => mean),
        deviation: Float32Array.from(all, ({ deviation }) => deviation),
      }),
    ),
  });
}

/** Features that are active in any drawing of a shot. */
function activeAt({ mean, deviation }: ProbedThing["curves"], shot: number) {
  return [...mean].flatMap(([feature, curve]) =>
    curve[shot] > 0
      ? [{ feature, mean: curve[shot], deviation: (deviation.get(feature) as Float32Array)[shot] }]
      : [],
  );
}

export function splitsTable(splits: readonly Split[], things: readonly ProbedThing[]) {
  const floats = (pick: (split: Split) => number) => Float32Array.from(splits, pick);
  const end = (name: "a" | "b", pick: (end: SplitEnd) => number) => floats((split) => pick(split[name]));
  return table({
    thing: splits.map(({ thing }) => things[thing].name),
    probe: splits.map(({ probe }) => probe),
    a: Uint32Array.from(splits, ({ a }) => a.feature),
    b: Uint32Array.from(splits, ({ b }) => b.feature),
    score: floats(({ score }) => score),
    a_value: end("a", ({ value }) => value),
    a_here: end("a", ({ here }) => here),
    a_there: end("a", ({ there }) => there),
    b_value: end("b", ({ value }) => value),
    b_here: end("b", ({ here }) => here),
    b_there: end("b", ({ there }) => there),
  });
}
