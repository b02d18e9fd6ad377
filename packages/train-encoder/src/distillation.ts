/**
 * Self-distillation between views (Caron et al. 2021, DINO) and of hidden patches (Zhou et al. 2022, iBOT): a student
 * names prototypes as its teacher does, which is an average of the student itself.
 */

import { linear, type Weights } from "@optogram/networks";
import {
  add,
  div,
  exp,
  logSoftmax,
  matmul,
  mul,
  quickGelu,
  reduceL2,
  reduceMean,
  reduceSum,
  reshape,
  sub,
  type Value,
} from "@optogram/onnx";
import { cosine } from "@optogram/training";
import { unitLength } from "./sigmoid.ts";

const hidden = 384;
const bottleneck = 64;
/** Few, so that a batch of 128 views says something of each. */
const prototypes = 512;

const studentTemperature = 0.1;
/** Sharp from the start: Sinkhorn's balance keeps it from naming one prototype for all. */
const teacherTemperature = 0.04;
const sinkhornRounds = 3;

/** x [..., d] → cosines [..., prototypes] of a small perceptron's output with each prototype. */
export function prototypeCosines(w: Weights, name: string, x: Value): Value {
  const inner = quickGelu(linear(w, `${name}.fc1`, x, hidden));
  const code = unitLength(linear(w, `${name}.fc2`, inner, bottleneck));
  const matrix = w.matrix(`${name}.prototypes`, bottleneck, prototypes);
  return matmul(code, div(matrix, reduceL2(matrix, { axes: [0], keep: true })));
}

/**
 * What a teacher says of samples, from its cosines [m, k]: rows that sum to 1, and together name every prototype about
 * equally often (Sinkhorn & Knopp 1967, as Caron et al. 2020, SwAV, use it). Samples that are all alike come out
 * undecided, so that a collapse is no solution.
 */
export function balanced(cosines: Value, temperature = teacherTemperature): Value {
  // Cosines are 1 at most: what is left of them is in (0, 1].
  let shares = exp(mul(sub(cosines, 1), 1 / temperature));
  for (let round = 0; round < sinkhornRounds; round++) {
    shares = div(shares, reduceMean(shares, { axes: [0], keep: true }));
    shares = div(shares, reduceSum(shares, { axes: [1], keep: true }));
  }
  return shares;
}

/** The cross-entropy [...] of the student's choice, from cosines [..., k], with the teacher's shares [..., k]. */
export function distance(shares: Value, cosines: Value): Value {
  const said = logSoftmax(mul(cosines, 1 / studentTemperature));
  return mul(reduceSum(mul(shares, said), { axes: [-1] }), -1);
}

/** The mean of x [b, n] over places where `hidden` [b, n, 1] is 1. */
export function meanOverHidden(x: Value, places: Value): Value {
  const marks = reduceSum(places, { axes: [2] });
  return div(reduceSum(mul(x, marks)), add(reduceSum(marks), 1e-6));
}

/** What small crops of images lack of the teacher's mean word on them: shares [b, views, k], cosines [b · parts, k]. */
export function partsLike(shares: Value, cosines: Value, parts: number): Value {
  const [b, , k] = shares.shape;
  const agreed = reduceMean(shares, { axes: [1], keep: true });
  return reduceMean(distance(agreed, reshape(cosines, [b, parts, k])));
}

/** What hidden patches lack of what the teacher, who sees them, says of them: tokens [b, n, d], hidden [b, n, 1]. */
export function patchesLike(
  teacher: Weights,
  known: Value,
  student: Weights,
  seen: Value,
  hidden: Value,
): Value {
  const cosines = prototypeCosines(teacher, "patches", known);
  const [b, n, k] = cosines.shape;
  const shares = reshape(balanced(reshape(cosines, [b * n, k])), [b, n, k]);
  return meanOverHidden(distance(shares, prototypeCosines(student, "patches", seen)), hidden);
}

/** How much of itself the teacher keeps in a step: from 0.99 to 1 along half a cosine. */
export function teacherMomentum(step: number, steps: number): number {
  return 1 - cosine(0.01, steps)(step);
}

/** The teacher's variables under the student's names. */
export function teacherOf<T>(variables: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = "teacher.";
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
