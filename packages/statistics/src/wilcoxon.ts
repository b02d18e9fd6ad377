/** Whether paired measurements differ: Wilcoxon's signed-rank test (1945). */

import { normalTail } from "./normal.ts";
import { ranks } from "./ranks.ts";

export interface WilcoxonOptions {
  /** What the test is for: a − b is not symmetric about 0, tends above 0, or tends below 0. */
  readonly alternative?: "two-sided" | "greater" | "less";
  /** Differences of 0 are left out (`wilcox`), or take ranks that then do not count (`pratt`). */
  readonly zeros?: "wilcox" | "pratt";
  /** Default: exact for at most 50 pairs without ties and zeros, where it holds; asymptotic elsewhere. */
  readonly method?: "exact" | "asymptotic";
}

export interface Wilcoxon {
  /** Pairs. */
  readonly n: number;
  /** Pairs whose members differ. */
  readonly decided: number;
  /** As SciPy gives it: the rank sum of positive differences; two-sided, the smaller of the two rank sums. */
  readonly statistic: number;
  readonly p: number;
  /** Matched-pairs rank-biserial correlation (Kerby 2014), −1..1: positive where a exceeds b; 0 where nothing differs. */
  readonly effect: number;
  readonly method: "exact" | "asymptotic";
}

/** The most pairs whose distribution is counted out by default. */
const exactPairs = 50;

/**
 * The signed-rank test of a − b, with mid-ranks of ties. The asymptotic p has the variance corrected for ties and
 * zeros (Cureton 1967) and no correction for continuity, as `scipy.stats.wilcoxon` has it.
 */
export function wilcoxon(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { alternative = "two-sided", zeros = "wilcox", method }: WilcoxonOptions = {},
): Wilcoxon {
  if (a.length !== b.length)
    throw new RangeError(`wilcoxon: ${a.length} and ${b.length} values are no pairs`);
  const all = Array.from(a, (value, i) => value - b[i]);
  const nonzero = all.filter((difference) => difference !== 0);
  const counted = zeros === "pratt" ? all : nonzero;
  const rank = ranks(counted.map(Math.abs));
  const rankSum = (sign: number) =>
    counted.reduce((sum, difference, i) => (Math.sign(difference) === sign ? sum + rank[i] : sum), 0);
  const [plus, minus] = [rankSum(1), rankSum(-1)];
  const tied = new Set(nonzero.map(Math.abs)).size < nonzero.length || nonzero.length < all.length;
  const used = method ?? (!tied && all.length <= exactPairs ? "exact" : "asymptotic");
  if (used === "exact" && tied) throw new RangeError("wilcoxon: there is no exact p where pairs tie");
  const [above, below] =
    used === "exact" ? exactTails(plus, counted.length) : asymptoticTails(plus, counted, nonzero);
  return {
    n: all.length,
    decided: nonzero.length,
    statistic: alternative === "two-sided" ? Math.min(plus, minus) : plus,
    p: { "two-sided": Math.min(1, 2 * Math.min(above, below)), greater: above, less: below }[alternative],
    effect: plus + minus > 0 ? (plus - minus) / (plus + minus) : 0,
    method: used,
  };
}

/** P(W ≥ w) and P(W ≤ w) where every sign of ranks 1 to n is as likely, by counting. */
function exactTails(w: number, n: number): readonly [number, number] {
  const most = (n * (n + 1)) / 2;
  // ways[s]: subsets of the ranks so far that sum to s; at most 2ⁿ.
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = (rank * (rank + 1)) / 2; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  const share = (from: number, to: number) => ways.subarray(from, to).reduce((x, y) => x + y, 0) / 2 ** n;
  return [share(w, most + 1), share(0, w + 1)];
}

function asymptoticTails(
  plus: number,
  counted: readonly number[],
  nonzero: readonly number[],
): readonly [number, number] {
  const zeros = counted.length - nonzero.length;
  const mean = (triangle(counted.length) - triangle(zeros)) / 2;
  const sizes = new Map<number, number>();
  for (const difference of nonzero)
    sizes.set(Math.abs(difference), (sizes.get(Math.abs(difference)) ?? 0) + 1);
  const ties = Array.from(sizes.values()).reduce((sum, t) => sum + (t ** 3 - t) / 2, 0);
  const pyramid = (n: number) => 2 * triangle(n) * (2 * n + 1);
  const variance = (pyramid(counted.length) - pyramid(zeros) - ties) / 24;
  if (variance <= 0) return [1, 1];
  const z = (plus - mean) / Math.sqrt(variance);
  return [normalTail(z), normalTail(-z)];
}

function triangle(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * Holm's step-down adjustment of the p values of several tests (1979): those below α reject with a chance of at most
 * α that any does so wrongly, whatever the tests' dependence. In the order given.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  for (const [at, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - at) * p[i]));
    adjusted[i] = largest;
  }
  return adjusted;
}
