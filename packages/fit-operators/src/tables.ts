/** The tables that the stage writes; their columns are described in the package's README. */

import { table, texts, vectors } from "@optogram/artifacts";
import type { Change } from "./changes.ts";
import type { Judged, Score, Standard } from "./judge.ts";
import { distances, standards } from "./judge.ts";
import type { Operator } from "./operators.ts";
import { agreement, type Character, sharesOf } from "./spectrum.ts";

/** All about the operators of a change. */
export interface Finding {
  readonly change: Change;
  readonly operators: readonly (Operator & Character)[];
  readonly judged: Pick<Judged, "distances"> & {
    readonly operators: readonly Pick<Judged["operators"][number], "name" | "error" | "scores">[];
  };
}

const floats = <T>(rows: readonly T[], value: (row: T) => number) => Float32Array.from(rows, value);

export function operatorsTable(findings: readonly Finding[], epsilon: number) {
  const rows = findings.flatMap(({ change, operators, judged }) =>
    operators.map((operator, i) => ({
      change,
      operator,
      unseen: judged.operators[i].error,
      shares: sharesOf(operator.spectrum, epsilon),
    })),
  );
  const width = rows[0].operator.map.length;
  const maps = new Float32Array(rows.length * width);
  for (const [i, { operator }] of rows.entries()) maps.set(operator.map, i * width);
  return table({
    change: texts(rows.map(({ change }) => change.name)),
    operator: texts(rows.map(({ operator }) => operator.name)),
    error: floats(rows, ({ operator }) => operator.error),
    unseen_error: floats(rows, ({ unseen }) => unseen),
    orthogonality: floats(rows, ({ operator }) => operator.orthogonality),
    self_adjointness: floats(rows, ({ operator }) => operator.selfAdjointness),
    near_one: floats(rows, ({ shares }) => shares.nearOne),
    near_minus_one: floats(rows, ({ shares }) => shares.nearMinusOne),
    inside: floats(rows, ({ shares }) => shares.inside),
    theory: texts(rows.map(({ change }) => change.theory)),
    as_predicted: floats(rows, ({ change, shares }) =>
      change.theory ? agreement(change.theory, shares) : Number.NaN,
    ),
    map: vectors(maps, width),
  });
}

export function eigenvaluesTable(findings: readonly Finding[]) {
  const rows = findings.flatMap(({ change, operators }) =>
    operators.flatMap(({ name, spectrum: { real, imaginary } }) =>
      Array.from(real, (re, i) => ({ change: change.name, operator: name, re, im: imaginary[i] })),
    ),
  );
  return table({
    change: texts(rows.map(({ change }) => change)),
    operator: texts(rows.map(({ operator }) => operator)),
    real: floats(rows, ({ re }) => re),
    imaginary: floats(rows, ({ im }) => im),
  });
}

/** `images`: positions in their set. */
export function scoresTable(findings: readonly Finding[], images: readonly number[]) {
  const rows = findings.flatMap(({ change, judged }) =>
    judged.operators.flatMap(({ name, scores }) =>
      standards.flatMap((standard) =>
        (scores[standard] ?? []).map((score, i) => ({
          ...{ change: change.name, operator: name, image: images[i], standard, score },
        })),
      ),
    ),
  );
  return table({
    change: texts(rows.map(({ change }) => change)),
    operator: texts(rows.map(({ operator }) => operator)),
    image: Uint32Array.from(rows, ({ image }) => image),
    against: texts(rows.map(({ standard }) => standard)),
    ...scoreColumns(rows),
  });
}

export function distancesTable(findings: readonly Finding[], images: readonly number[]) {
  const rows = findings.flatMap(({ change, judged }) =>
    distances.flatMap((distance) =>
      judged.distances[distance].map((score, i) => ({
        ...{ change: change.name, image: images[i], distance, score },
      })),
    ),
  );
  return table({
    change: texts(rows.map(({ change }) => change)),
    image: Uint32Array.from(rows, ({ image }) => image),
    distance: texts(rows.map(({ distance }) => distance)),
    ...scoreColumns(rows),
  });
}

function scoreColumns(rows: readonly { readonly score: Score }[]) {
  return {
    psnr: floats(rows, ({ score }) => score.psnr),
    ssim: floats(rows, ({ score }) => score.ssim),
    delta_e: floats(rows, ({ score }) => score.deltaE),
  };
}

/** For the manifest: the mean ΔE of each operator from T(x), and of what stands beside it, by change. */
export function figures(findings: readonly Finding[]) {
  const mean = (scores: readonly Score[] = []) =>
    scores.reduce((sum, { deltaE }) => sum + deltaE, 0) / scores.length;
  const standard: Standard = "changed";
  return Object.fromEntries(
    findings.map(({ change, judged }) => [
      change.name,
      {
        ...Object.fromEntries(judged.operators.map(({ name, scores }) => [name, mean(scores[standard])])),
        repainted: mean(judged.distances["changed-repainted"]),
        change: mean(judged.distances.change),
      },
    ]),
  );
}
