/** Which pairs of features are worth a picture of what lies between them. */

/** What is known of a feature. */
export interface Candidate {
  readonly feature: number;
  /** What it answers to, or else where on the map it lies. */
  readonly kind: string;
  /** Mean activation over all images. */
  readonly strength: number;
  /** Share of the images in which it is active. */
  readonly density: number;
}

/** Two features that fire together more than by chance. */
export interface Meeting {
  readonly a: number;
  readonly b: number;
  /** Correlation of their activations over the images. */
  readonly score: number;
}

export interface Pair {
  readonly a: number;
  readonly b: number;
  /** Whether they often fire together, seldom do, or were asked for by number. */
  readonly why: "often" | "seldom" | "named";
}

/** Features that are active in more of the images have no one meaning. */
const dense = 0.1;
/** The strongest kinds: of each one feature. */
const kinds = 24;

/**
 * Of the strongest feature of each kind that is no dense one, the 24 strongest; among these in turn the two that fire
 * together most, and the two strongest (by the product of their strengths) that do not fire together more than by
 * chance. No feature is in two pairs.
 */
export function choosePairs(
  candidates: readonly Candidate[],
  meetings: readonly Meeting[],
  count: number,
): Pair[] {
  const known = strongestOfKinds(candidates.filter(({ density }) => density <= dense));
  const scores = new Map(meetings.flatMap(({ a, b, score }) => [[`${a} ${b}`, score] as const]));
  const all = known.flatMap((a, i) =>
    known.slice(i + 1).map((b) => ({
      a: a.feature,
      b: b.feature,
      together: scores.get(`${a.feature} ${b.feature}`) ?? scores.get(`${b.feature} ${a.feature}`) ?? 0,
      strength: a.strength * b.strength,
    })),
  );
  const often = all.filter(({ together }) => together > 0).sort((x, y) => y.together - x.together);
  const seldom = all.filter(({ together }) => together === 0).sort((x, y) => y.strength - x.strength);
  const taken = new Set<number>();
  const next = (of: typeof all) => of.find(({ a, b }) => !taken.has(a) && !taken.has(b));
  const chosen: Pair[] = [];
  while (chosen.length < count) {
    const [first, second] = chosen.length % 2 === 0 ? [often, seldom] : [seldom, often];
    const pair = next(first) ?? next(second);
    if (!pair) break;
    chosen.push({ a: pair.a, b: pair.b, why: pair.together > 0 ? "often" : "seldom" });
    taken.add(pair.a).add(pair.b);
  }
  return chosen;
}

function strongestOfKinds(candidates: readonly Candidate[]): Candidate[] {
  const first = new Map<string, Candidate>();
  for (const one of [...candidates].sort((a, b) => b.strength - a.strength || a.feature - b.feature))
    if (!first.has(one.kind)) first.set(one.kind, one);
  return [...first.values()].slice(0, kinds);
}
