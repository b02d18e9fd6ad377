/** The pictures of a pair: in which directions, and what the search for each begins with. */

import { type Dictionary, directionOf, orthogonal, slerp } from "@optogram/dictionary";
import { rowsOf, stacked } from "@optogram/statistics";
import { laidOver, sideBySide } from "./beginnings.ts";

/** `over` and `beside` lie half way: searched for from both pictures laid over each other, and set side by side. */
export const parts = ["a", "b", "over", "beside", "a beyond b", "b beyond a"] as const;

export type Part = (typeof parts)[number];

export interface Directions {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly middle: Float32Array;
  /** Undefined where the two point the same way. */
  readonly aBeyondB: Float32Array | undefined;
  readonly bBeyondA: Float32Array | undefined;
}

/** Undefined where a feature has no direction. */
export function directionsOf(dictionary: Dictionary, first: number, second: number): Directions | undefined {
  const [a, b] = [directionOf(dictionary, first), directionOf(dictionary, second)];
  return a && b && { a, b, middle: slerp(a, b, 0.5), aBeyondB: orthogonal(a, b), bBeyondA: orthogonal(b, a) };
}

export interface Sought {
  /** Of the pair. */
  readonly pair: number;
  readonly part: Part;
  /** [d] */
  readonly direction: Float32Array;
  /** [3, size, size] */
  readonly start: Float32Array;
}

/** What is searched for, pair by pair. `paint` is the decoder: pictures [n, 3, size, size] of directions [n, d]. */
export async function planSearch(
  pairs: readonly Directions[],
  size: number,
  paint: (directions: Float32Array) => Promise<Float32Array>,
): Promise<Sought[]> {
  const sought: Sought[] = [];
  for (const [pair, { a, b, middle, aBeyondB, bBeyondA }] of pairs.entries()) {
    const beyond = [aBeyondB ?? a, bBeyondA ?? b];
    const [ofA, ofB, ...ofBeyond] = rowsOf(await paint(stacked([a, b, ...beyond])), 4);
    const all: Omit<Sought, "pair">[] = [
      { part: "a", direction: a, start: ofA },
      { part: "b", direction: b, start: ofB },
      { part: "over", direction: middle, start: laidOver(ofA, ofB) },
      { part: "beside", direction: middle, start: sideBySide(ofA, ofB, size) },
    ];
    if (aBeyondB) all.push({ part: "a beyond b", direction: aBeyondB, start: ofBeyond[0] });
    if (bBeyondA) all.push({ part: "b beyond a", direction: bBeyondA, start: ofBeyond[1] });
    sought.push(...all.map((one) => ({ pair, ...one })));
  }
  return sought;
}
