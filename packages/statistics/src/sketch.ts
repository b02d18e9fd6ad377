/** Quantiles, histograms and distances to distributions of any number of values, in the memory of a few thousand. */

/** Beyond these, values are counted as the largest, or as 0. */
const largest = 1e9;
const smallest = 1e-6;

/** A bucket's values lie between `low` and `high`, both included where they are the same. */
interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Counts in buckets whose edges grow by (1 + α) / (1 − α), negative and positive apart (DDSketch: Masson, Rim & Lee, VLDB
 * 2019): any quantile is within a share α of the true one's size, or within 10⁻⁶ of it where that is near 0. Counts below
 * an edge are exact, so that sketches merge without a loss.
 */
export class QuantileSketch {
  readonly accuracy: number;
  readonly #logGrowth: number;
  readonly #positive: Float64Array;
  readonly #negative: Float64Array;
  #zeros = 0;
  #count = 0;
  #least = Infinity;
  #most = -Infinity;

  /** `accuracy`: α, between 0 and 1. */
  constructor(accuracy = 0.01) {
    if (!(accuracy > 0 && accuracy < 1)) throw new RangeError(`sketch: no accuracy of ${accuracy}`);
    this.accuracy = accuracy;
    this.#logGrowth = Math.log((1 + accuracy) / (1 - accuracy));
    const buckets = 1 + Math.ceil(Math.log(largest / smallest) / this.#logGrowth);
    this.#positive = new Float64Array(buckets);
    this.#negative = new Float64Array(buckets);
  }

  get count(): number {
    return this.#count;
  }

  /** Exact. */
  get least(): number {
    return this.#least;
  }

  /** Exact. */
  get most(): number {
    return this.#most;
  }

  add(values: ArrayLike<number>): void {
    const last = this.#positive.length - 1;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (Number.isNaN(value)) throw new RangeError("sketch: a value is not a number");
      if (value < this.#least) this.#least = value;
      if (value > this.#most) this.#most = value;
      const size = Math.abs(value);
      if (size <= smallest) this.#zeros++;
      else {
        // Bucket k holds (smallest · γ^k, smallest · γ^(k + 1)].
        const k = Math.min(last, Math.max(0, Math.ceil(Math.log(size / smallest) / this.#logGrowth) - 1));
        if (value > 0) this.#positive[k]++;
        else this.#negative[k]++;
      }
    }
    this.#count += values.length;
  }

  /** By rising value, empty ones left out. */
  *#buckets(): Generator<Bucket> {
    const edge = (k: number) => smallest * Math.exp(k * this.#logGrowth);
    for (let k = this.#negative.length - 1; k >= 0; k--)
      if (this.#negative[k] > 0) yield { low: -edge(k + 1), high: -edge(k), count: this.#negative[k] };
    if (this.#zeros > 0) yield { low: -smallest, high: smallest, count: this.#zeros };
    for (let k = 0; k < this.#positive.length; k++)
      if (this.#positive[k] > 0) yield { low: edge(k), high: edge(k + 1), count: this.#positive[k] };
  }

  /** The value that a share `p` of all lies at or below; within a share `accuracy` of its size. */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`sketch: ${p} is no probability`);
    if (this.#count === 0) throw new RangeError("sketch: there are no values");
    const rank = p * (this.#count - 1);
    let below = 0;
    for (const bucket of this.#buckets()) {
      below += bucket.count;
      if (below > rank) return this.#within(middleOf(bucket));
    }
    return this.#most;
  }

  /** The mean of |x − centre|, each bucket's values taken for their middle. */
  meanDistance(centre: number): number {
    let sum = 0;
    for (const bucket of this.#buckets())
      sum += bucket.count * Math.abs(this.#within(middleOf(bucket)) - centre);
    return sum / this.#count;
  }

  /** The share of values below `low` or above `high`; of a bucket across the edge, as much as lies beyond it. */
  shareOutside(low: number, high: number): number {
    return 1 - this.#below(high) + this.#below(low);
  }

  /** Counts in `bins` equal bins; of a bucket across an edge, as much on either side as lies there. */
  histogram(bins: number, low: number, high: number): Float64Array {
    const at = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
    const below = at.map((edge) => this.#below(edge) * this.#count);
    return Float64Array.from({ length: bins }, (_, i) => Math.max(0, below[i + 1] - below[i]));
  }

  #below(edge: number): number {
    let sum = 0;
    for (const bucket of this.#buckets()) {
      const low = this.#within(bucket.low);
      const high = this.#within(bucket.high);
      if (high <= edge) sum += bucket.count;
      else if (low < edge) sum += (bucket.count * (edge - low)) / (high - low);
      else break;
    }
    return sum / this.#count;
  }

  /**
   * Kolmogorov's and Smirnov's distance to a distribution: the largest gap between the shares below a value. It is taken
   * at the buckets' edges, where counts are exact; between them it may be larger by no more than `error`.
   */
  distanceTo(cumulative: (value: number) => number): { distance: number; error: number } {
    let below = 0;
    let distance = 0;
    let most = 0;
    for (const { low, high, count } of this.#buckets()) {
      const [from, to] = [cumulative(low), cumulative(high)];
      distance = Math.max(distance, Math.abs(below / this.#count - from));
      const above = below + count;
      distance = Math.max(distance, Math.abs(above / this.#count - to));
      // Between the edges one function stays while the other may have risen already.
      most = Math.max(most, Math.abs(above / this.#count - from), Math.abs(below / this.#count - to));
      below = above;
    }
    return { distance, error: Math.max(0, most - distance) };
  }

  #within(value: number): number {
    return Math.min(this.#most, Math.max(this.#least, value));
  }
}

/** The middle by shares: of all values in it, none is farther than a share α of its own size. */
function middleOf({ low, high }: Bucket): number {
  return low + high === 0 ? 0 : (2 * low * high) / (low + high);
}

/** P(X ≤ x) of Laplace's distribution of the given location and mean absolute deviation. */
export function laplaceCumulative(x: number, location: number, scale: number): number {
  const z = (x - location) / scale;
  return z < 0 ? Math.exp(z) / 2 : 1 - Math.exp(-z) / 2;
}
