/** Numbers that describe many numbers: quantiles, histograms, streaming moments. */

/** The quantiles at the given probabilities, with linear interpolation (type 7 of Hyndman and Fan 1996). */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("quantiles: there are no values");
  // Sorting puts NaN last.
  if (Number.isNaN(sorted[sorted.length - 1])) throw new RangeError("quantiles: a value is not a number");
  return probabilities.map((p) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`quantiles: ${p} is no probability`);
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    const share = at - low;
    return share === 0 ? sorted[low] : sorted[low] * (1 - share) + sorted[low + 1] * share;
  });
}

/**
 * Counts in `bins` equal bins from `low` to `high`; a value on an inner edge belongs to the bin above, `high`
 * to the last one. Values outside are not counted. Where low = high, the first bin takes them all.
 */
export function histogram(values: ArrayLike<number>, bins: number, low: number, high: number): Uint32Array {
  if (!(low <= high && bins >= 1)) throw new RangeError(`histogram: ${bins} bins from ${low} to ${high}`);
  const counts = new Uint32Array(bins);
  const scale = high > low ? bins / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value >= low && value <= high) counts[Math.min(bins - 1, Math.floor((value - low) * scale))]++;
  }
  return counts;
}

/** Mean and variance of each of d columns in one pass (Welford 1962), without losing small variances. */
export class Moments {
  readonly mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(d: number) {
    this.mean = new Float64Array(d);
    this.#squares = new Float64Array(d);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds rows (row-major, n × d). */
  add(rows: ArrayLike<number>): void {
    const { mean } = this;
    const d = mean.length;
    if (rows.length % d !== 0) throw new RangeError(`moments: ${rows.length} numbers are no rows of ${d}`);
    for (let p = 0; p < rows.length; p += d) {
      this.#count++;
      for (let j = 0; j < d; j++) {
        const off = rows[p + j] - mean[j];
        mean[j] += off / this.#count;
        this.#squares[j] += off * (rows[p + j] - mean[j]);
      }
    }
  }

  /** The variance of each column, with n in the denominator. */
  variance(): Float64Array {
    return this.#squares.map((s) => s / this.#count);
  }
}
