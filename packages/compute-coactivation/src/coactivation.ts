/**
 * Which features fire together. Codes are sparse rows (images × features, activations > 0); feature f as a vector
 * over the n images is a_f, with mean μ_f and deviation σ_f; n_f is the number of images where it is active.
 */

import { type SparseRows, transpose } from "@optogram/statistics";

/** How often f and g fire together against chance: n · n_fg / (n_f · n_g); 1 where they are independent. */
export function lift(together: number, countF: number, countG: number, images: number): number {
  return (images * together) / (countF * countG);
}

/** Pointwise mutual information in bits: log2 of the lift; −∞ where they never meet. */
export function pointwiseMutualInformation(
  together: number,
  countF: number,
  countG: number,
  images: number,
): number {
  return Math.log2(lift(together, countF, countG, images));
}

/** One feature's coactivation with every feature: reused between calls, valid until the next one. */
export interface CoactivationRow {
  /** The features that fire with this one at least once, in the order met; never itself. */
  readonly others: Uint32Array;
  /** By feature: images where both are active (0 for those not among `others`). */
  readonly together: Uint32Array;
  /** By feature: Pearson's correlation of the two activation vectors; 0 for those not among `others`. */
  readonly correlation: Float64Array;
}

const rounding = 1e-9;

/**
 * How strongly a feature fires together with another: their correlation where they meet in at least `minimum`
 * images and more than by chance, else 0.
 */
export function association(row: CoactivationRow, other: number, minimum: number): number {
  const correlation = row.correlation[other];
  return row.together[other] >= minimum && correlation > rounding ? correlation : 0;
}

/** Gives the coactivation of one feature at a time, so that no features × features table is ever held. */
export class Coactivation {
  readonly images: number;
  readonly features: number;
  /** By feature: images where it is active. */
  readonly counts: Uint32Array;
  readonly #means: Float64Array;
  readonly #deviations: Float64Array;
  readonly #codes: SparseRows;
  readonly #byFeature: SparseRows;
  readonly #others: Uint32Array;
  readonly #together: Uint32Array;
  readonly #correlation: Float64Array;
  #met = 0;

  constructor(codes: SparseRows) {
    this.#codes = codes;
    this.#byFeature = transpose(codes);
    this.images = codes.offsets.length - 1;
    this.features = codes.columns;
    this.counts = new Uint32Array(codes.columns);
    this.#means = new Float64Array(codes.columns);
    this.#deviations = new Float64Array(codes.columns);
    for (let p = 0; p < codes.indices.length; p++) {
      const value = codes.values[p];
      if (value <= 0) throw new RangeError(`coactivation: activation ${p} is ${value}, not positive`);
      this.counts[codes.indices[p]]++;
      this.#means[codes.indices[p]] += value / this.images;
      this.#deviations[codes.indices[p]] += value ** 2 / this.images;
    }
    for (let f = 0; f < codes.columns; f++) {
      const square = this.#means[f] ** 2;
      const variance = this.#deviations[f] - square;
      // What is left of a constant activation is rounding.
      this.#deviations[f] = variance > 1e-12 * square ? Math.sqrt(variance) : 0;
    }
    this.#others = new Uint32Array(codes.columns);
    this.#together = new Uint32Array(codes.columns);
    this.#correlation = new Float64Array(codes.columns);
  }

  /** The images where a feature is active, in ascending order, and its activations there. */
  active(feature: number): { images: Uint32Array; values: Float32Array } {
    const { offsets, indices, values } = this.#byFeature;
    const [from, to] = [offsets[feature], offsets[feature + 1]];
    return {
      images: indices.subarray(from, to) as Uint32Array,
      values: values.subarray(from, to) as Float32Array,
    };
  }

  /** Writes the correlation of a feature with every feature, 1 with itself, into `out`. */
  correlations(feature: number, out: Float64Array): void {
    const { others, correlation } = this.row(feature);
    const own = this.#standing(feature);
    for (let other = 0; other < this.features; other++) out[other] = -own * this.#standing(other);
    for (const other of others) out[other] = correlation[other];
    out[feature] = 1;
  }

  /** Mean over deviation: the correlation of two features that never meet is minus the product of theirs. */
  #standing(feature: number): number {
    const deviation = this.#deviations[feature];
    return deviation > 0 ? this.#means[feature] / deviation : 0;
  }

  row(feature: number): CoactivationRow {
    const { offsets, indices, values } = this.#codes;
    const others = this.#others;
    const together = this.#together;
    const correlation = this.#correlation;
    for (let p = 0; p < this.#met; p++) {
      together[others[p]] = 0;
      correlation[others[p]] = 0;
    }
    let met = 0;
    const { images, values: activations } = this.active(feature);
    for (let i = 0; i < images.length; i++) {
      const activation = activations[i];
      const end = offsets[images[i] + 1];
      for (let p = offsets[images[i]]; p < end; p++) {
        const other = indices[p];
        if (other === feature) continue;
        if (together[other]++ === 0) others[met++] = other;
        correlation[other] += activation * values[p];
      }
    }
    this.#met = met;
    const mean = this.#means[feature];
    const deviation = this.#deviations[feature];
    for (let p = 0; p < met; p++) {
      const other = others[p];
      const covariance = correlation[other] / this.images - mean * this.#means[other];
      const scale = deviation * this.#deviations[other];
      correlation[other] = scale > 0 ? covariance / scale : 0;
    }
    return { others: others.subarray(0, met), together, correlation };
  }
}

/** For each listed feature, its nearest others, nearest first. Ragged: feature i has `offsets[i]` … `offsets[i + 1]`. */
export interface CoactivationNeighbours {
  readonly offsets: Uint32Array;
  readonly others: Uint32Array;
  /** Correlation of the activation vectors, above 0. */
  readonly scores: Float32Array;
  /** Images where both are active. */
  readonly together: Uint32Array;
}

/**
 * The `k` features that each is most strongly associated with, strongest first, equal ones by number. Correlation
 * it is, because lift and mutual information grow without bound as features become rare (one chance meeting of two
 * rare ones would outrank everything), and the plain cosine of activations makes a feature that fires in a third of
 * the images a neighbour of all others.
 */
export function coactivationNeighbours(
  coactivation: Coactivation,
  k: number,
  minimum: number,
): CoactivationNeighbours {
  const { features } = coactivation;
  const offsets = new Uint32Array(features + 1);
  const others = new Uint32Array(features * k);
  const scores = new Float32Array(features * k);
  const counts = new Uint32Array(features * k);
  const best = new Uint32Array(k);
  let total = 0;
  for (let feature = 0; feature < features; feature++) {
    const row = coactivation.row(feature);
    const { correlation, together } = row;
    const ahead = (a: number, b: number): boolean =>
      correlation[a] > correlation[b] || (correlation[a] === correlation[b] && a < b);
    let found = 0;
    for (const other of row.others) {
      if (association(row, other, minimum) === 0 || (found === k && !ahead(other, best[k - 1]))) continue;
      let at = found < k ? found++ : k - 1;
      for (; at > 0 && ahead(other, best[at - 1]); at--) best[at] = best[at - 1];
      best[at] = other;
    }
    for (let r = 0; r < found; r++, total++) {
      others[total] = best[r];
      scores[total] = correlation[best[r]];
      counts[total] = together[best[r]];
    }
    offsets[feature + 1] = total;
  }
  return {
    offsets,
    others: others.slice(0, total),
    scores: scores.slice(0, total),
    together: counts.slice(0, total),
  };
}
