/** Ranks, and how far two variables rise together. */

/**
 * Ranks from 1, smallest first; equal values share the mean of the ranks that they take (mid-ranks).
 * Compared as float64. Throws on NaN.
 */
export function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(n);
  for (let from = 0, to = 0; from < n; from = to) {
    if (Number.isNaN(values[order[from]]))
      throw new RangeError(`ranks: value ${order[from]} is not a number`);
    for (to = from + 1; to < n && values[order[to]] === values[order[from]]; ) to++;
    for (let at = from; at < to; at++) result[order[at]] = (from + 1 + to) / 2;
  }
  return result;
}

/** Pearson's correlation of pairs; NaN where one of them does not vary. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = pairs(a, b, "pearson");
  const [meanA, meanB] = [a, b].map((v) => Array.from(v).reduce((sum, x) => sum + x, 0) / n);
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < n; i++) {
    product += (a[i] - meanA) * (b[i] - meanB);
    squaresA += (a[i] - meanA) ** 2;
    squaresB += (b[i] - meanB) ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}

/** Spearman's rank correlation: Pearson's of the mid-ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(ranks(a), ranks(b));
}

/** Kendall's τ-b: pairs in the same order less those in opposite order, over those that no tie leaves undecided. */
export function kendall(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = pairs(a, b, "kendall");
  let agreement = 0;
  let untiedA = 0;
  let untiedB = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i] - a[j]);
      const signB = Math.sign(b[i] - b[j]);
      agreement += signA * signB;
      untiedA += signA ** 2;
      untiedB += signB ** 2;
    }
  return agreement / Math.sqrt(untiedA * untiedB);
}

function pairs(a: ArrayLike<number>, b: ArrayLike<number>, what: string): number {
  if (a.length !== b.length) throw new RangeError(`${what}: ${a.length} and ${b.length} values are no pairs`);
  return a.length;
}
