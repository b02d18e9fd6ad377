/** What kind of map an operator is: its eigenvalues, and how far it is from orthogonal and from self-adjoint. */

import { eigenvalues, type Spectrum } from "@optogram/statistics";
import type { Theory } from "./changes.ts";
import { multiply, norm, transposed } from "./matrices.ts";

export interface Character {
  readonly spectrum: Spectrum;
  /** ‖QᵀQ − I‖ / √d */
  readonly orthogonality: number;
  /** ‖Q − Qᵀ‖ / ‖Q‖ */
  readonly selfAdjointness: number;
}

export function characterOf(map: Float64Array, d: number): Character {
  const adjoint = transposed(map, d);
  const gram = multiply(adjoint, map, d);
  for (let j = 0; j < d; j++) gram[j * d + j] -= 1;
  return {
    spectrum: eigenvalues(map, d),
    orthogonality: norm(gram) / Math.sqrt(d),
    selfAdjointness: norm(map.map((value, i) => value - adjoint[i])) / norm(map),
  };
}

/** Shares of the eigenvalues, in 0..1. */
export interface Shares {
  /** Within ε of 1. */
  readonly nearOne: number;
  /** Within ε of −1. */
  readonly nearMinusOne: number;
  /** Of a modulus of at most 1 + ε. */
  readonly inside: number;
}

export function sharesOf({ real, imaginary }: Spectrum, epsilon: number): Shares {
  const share = (holds: (re: number, im: number) => boolean) =>
    real.reduce((count, re, i) => count + (holds(re, imaginary[i]) ? 1 : 0), 0) / real.length;
  return {
    nearOne: share((re, im) => Math.hypot(re - 1, im) <= epsilon),
    nearMinusOne: share((re, im) => Math.hypot(re + 1, im) <= epsilon),
    inside: share((re, im) => Math.hypot(re, im) <= 1 + epsilon),
  };
}

/** The share of the eigenvalues that are where the theory has them. */
export function agreement(theory: Theory, { nearOne, nearMinusOne, inside }: Shares): number {
  return { signs: nearOne + nearMinusOne, shrinks: inside }[theory];
}
