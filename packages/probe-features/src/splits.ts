/** Pairs of features that split a thing between them: where one is strong the other is silent, and the other way round. */

import type { Curves } from "./curves.ts";
import { type ProbeName, probeNames, type Shot } from "./probe.ts";

/** What was found for one thing. */
export interface ProbedThing {
  readonly name: string;
  readonly shots: readonly Shot[];
  readonly curves: Curves;
}

export interface Split {
  /** Position among the things. */
  readonly thing: number;
  readonly probe: ProbeName;
  /** `a` is the one that is strong at the earlier value. */
  readonly a: SplitEnd;
  readonly b: SplitEnd;
  readonly score: number;
}

export interface SplitEnd {
  readonly feature: number;
  /** The value of the probe where it is stronger than the other by most. */
  readonly value: number;
  /** Activation there, and where the other feature has its place. */
  readonly here: number;
  readonly there: number;
}

/** The best pair of each thing and probe, if there is one, best first: the README defines the score. */
export function findSplits(things: readonly ProbedThing[]): Split[] {
  const peaks = things.map(peaksOf);
  const splits = things.flatMap(({ shots, curves }, thing) => {
    const empty = emptyShot(shots);
    const candidates = [...curves.mean].flatMap(([feature, curve]): Candidate[] => {
      const answer = answerOf(feature, thing, peaks);
      return answer > 0 ? [{ feature, curve, empty: curve[empty], answer }] : [];
    });
    return probeNames.flatMap((probe) => {
      const at = shots.flatMap((shot, i) => (shot.probe === probe ? [i] : []));
      const best = bestPair(candidates, at);
      return best ? [{ thing, probe, ...ends(best, shots) }] : [];
    });
  });
  return splits.sort((x, y) => y.score - x.score || x.thing - y.thing);
}

/** The largest activation of each feature over the shots of a thing, beyond what the empty shot gives. */
function peaksOf({ shots, curves: { mean } }: ProbedThing): ReadonlyMap<number, number> {
  const empty = emptyShot(shots);
  return new Map([...mean].map(([feature, curve]) => [feature, Math.max(...curve) - curve[empty]]));
}

function emptyShot(shots: readonly Shot[]): number {
  return shots.findIndex(({ probe }) => probe === "empty");
}

/** How much of a feature's answer is to this thing: its peak here as a share of its peaks over all things. */
function answerOf(feature: number, thing: number, peaks: readonly ReadonlyMap<number, number>[]): number {
  const all = peaks.map((of) => of.get(feature) ?? 0);
  return all[thing] > 0 ? all[thing] / all.reduce((sum, peak) => sum + peak) : 0;
}

interface Candidate {
  readonly feature: number;
  /** Mean activation, one entry a shot. */
  readonly curve: Float32Array;
  /** The same of the empty shot. */
  readonly empty: number;
  readonly answer: number;
}

interface Pair {
  readonly a: Candidate;
  readonly b: Candidate;
  /** Shots: an earlier and a later one. */
  readonly v: number;
  readonly w: number;
  readonly score: number;
}

function bestPair(candidates: readonly Candidate[], at: readonly number[]): Pair | undefined {
  let best: Pair | undefined;
  for (const [i, v] of at.entries())
    for (const w of at.slice(i + 1)) {
      // The score is the smaller of the two, so that the best falling and the best rising feature make the best pair.
      const a = strongest(candidates, v, w);
      const b = strongest(candidates, w, v);
      if (!a || !b) continue;
      const score = Math.min(fall(a, v, w), fall(b, w, v));
      if (score > (best?.score ?? 0)) best = { a, b, v, w, score };
    }
  return best;
}

function strongest(candidates: readonly Candidate[], from: number, to: number): Candidate | undefined {
  let best: Candidate | undefined;
  for (const one of candidates) if (fall(one, from, to) > (best ? fall(best, from, to) : 0)) best = one;
  return best;
}

/**
 * How far it falls from one shot to another. What is behind the thing makes nothing strong, and what is left at the
 * other end counts twice: a feature is silent there, not only weaker.
 */
function fall({ curve, empty, answer }: Candidate, from: number, to: number): number {
  return answer * (curve[from] - empty - 2 * curve[to]);
}

function ends({ a, b, v, w, score }: Pair, shots: readonly Shot[]) {
  const end = ({ feature, curve }: Candidate, here: number, there: number): SplitEnd => ({
    feature,
    value: shots[here].value,
    here: curve[here],
    there: curve[there],
  });
  return { a: end(a, v, w), b: end(b, w, v), score };
}
