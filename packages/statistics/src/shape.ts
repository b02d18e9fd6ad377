/** The first four moments of any number of values, exact however they come. */

/**
 * Central sums of values, merged pairwise (Pébay 2008, "Formulas for robust, one-pass parallel computation of covariances
 * and arbitrary-order statistical moments"), so that small moments of large numbers are not lost.
 */
export class Shape {
  #n = 0;
  #mean = 0;
  /** Σ (x − mean)², …³, …⁴ */
  #m2 = 0;
  #m3 = 0;
  #m4 = 0;

  /** The shape of values: two passes over them. */
  static of(values: ArrayLike<number>): Shape {
    const shape = new Shape();
    const n = values.length;
    if (n === 0) return shape;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i];
    const mean = sum / n;
    for (let i = 0; i < n; i++) {
      const off = values[i] - mean;
      const square = off * off;
      shape.#m2 += square;
      shape.#m3 += square * off;
      shape.#m4 += square * square;
    }
    shape.#n = n;
    shape.#mean = mean;
    return shape;
  }

  /** Adds what another has seen, `times` over. */
  merge(other: Shape, times = 1): void {
    const b = other.#n * times;
    if (b === 0) return;
    const a = this.#n;
    const n = a + b;
    const d = other.#mean - this.#mean;
    const [b2, b3, b4] = [other.#m2 * times, other.#m3 * times, other.#m4 * times];
    this.#m4 +=
      b4 +
      (d ** 4 * a * b * (a * a - a * b + b * b)) / n ** 3 +
      (6 * d * d * (a * a * b2 + b * b * this.#m2)) / n ** 2 +
      (4 * d * (a * b3 - b * this.#m3)) / n;
    this.#m3 += b3 + (d ** 3 * a * b * (a - b)) / n ** 2 + (3 * d * (a * b2 - b * this.#m2)) / n;
    this.#m2 += b2 + (d * d * a * b) / n;
    this.#mean += (d * b) / n;
    this.#n = n;
  }

  get count(): number {
    return this.#n;
  }

  get mean(): number {
    return this.#mean;
  }

  /** With n in the denominator. */
  get deviation(): number {
    return Math.sqrt(this.#m2 / this.#n);
  }

  /** m₃ / m₂^(3/2); 0 where nothing varies. */
  get skewness(): number {
    return this.#m2 > 0 ? (Math.sqrt(this.#n) * this.#m3) / this.#m2 ** 1.5 : 0;
  }

  /** Excess kurtosis, m₄ / m₂² − 3: 0 for a normal distribution, 3 for Laplace's. */
  get kurtosis(): number {
    return this.#m2 > 0 ? (this.#n * this.#m4) / this.#m2 ** 2 - 3 : 0;
  }
}
