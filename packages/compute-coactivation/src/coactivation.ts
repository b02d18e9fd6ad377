/**
 * Which features fire together. Codes are sparse rows (images × features, activations ≥ 0); feature f as a vector
 * over the images is a_f, n_f is the number of images where it is active.
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
  /** By feature: cosine of the two activation vectors. */
  readonly cosine: Float64Array;
}

/** Gives the coactivation of one feature at a time, so that no features × features table is ever held. */
export class Coactivation {
  readonly images: number;
  readonly features: number;
  /** By feature: images where it is active, and the length of its activation vector. */
  readonly counts: Uint32Array;
  readonly norms: Float64Array;
  readonly #codes: SparseRows;
  readonly #byFeature: SparseRows;
  readonly #others: Uint32Array;
  readonly #together: Uint32Array;
  readonly #cosine: Float64Array;
  #met = 0;

  constructor(codes: SparseRows) {
    this.#codes = codes;
    this.#byFeature = transpose(codes);
    this.images = codes.offsets.length - 1;
    this.features = codes.columns;
    this.counts = new Uint32Array(codes.columns);
    this.norms = new Float64Array(codes.columns);
    for (let p = 0; p < codes.indices.length; p++) {
      const value = codes.values[p];
      if (value <= 0) throw new RangeError(`coactivation: activation ${p} is ${value}, not positive`);
      this.counts[codes.indices[p]]++;
      this.norms[codes.indices[p]] += value * value;
    }
    for (let f = 0; f < codes.columns; f++) this.norms[f] = Math.sqrt(this.norms[f]);
    this.#others = new Uint32Array(codes.columns);
    this.#together = new Uint32Array(codes.columns);
    this.#cosine = new Float64Array(codes.columns);
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

  row(feature: number): CoactivationRow {
    const { offsets, indices, values } = this.#codes;
    const others = this.#others;
    const together = this.#together;
    const cosine = this.#cosine;
    for (let p = 0; p < this.#met; p++) {
      together[others[p]] = 0;
      cosine[others[p]] = 0;
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
        cosine[other] += activation * values[p];
      }
    }
    this.#met = met;
    for (let p = 0; p < met; p++) cosine[others[p]] /= this.norms[feature] * this.norms[others[p]];
    return { others: others.subarray(0, met), together, cosine };
  }
}

/** For each listed feature, its nearest others, nearest first. Ragged: feature i has `offsets[i]` … `offsets[i + 1]`. */
export interface CoactivationNeighbours {
  readonly offsets: Uint32Array;
  readonly others: Uint32Array;
  /** Cosine of the activation vectors. */
  readonly scores: Float32Array;
  /** Images where both are active. */
  readonly together: Uint32Array;
}

/**
 * The `k` nearest of every feature by cosine of activation vectors, among those that fire with it in at least
 * `minimum` images. Cosine and not lift or mutual information, because those grow without bound as features
 * become rare: one chance meeting of two rare features would outrank everything. Equal scores go by number.
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
    const { others: candidates, together, cosine } = coactivation.row(feature);
    const ahead = (a: number, b: number): boolean =>
      cosine[a] > cosine[b] || (cosine[a] === cosine[b] && a < b);
    let found = 0;
    for (const other of candidates) {
      if (together[other] < minimum || (found === k && !ahead(other, best[k - 1]))) continue;
      let at = found < k ? found++ : k - 1;
      for (; at > 0 && ahead(other, best[at - 1]); at--) best[at] = best[at - 1];
      best[at] = other;
    }
    for (let r = 0; r < found; r++, total++) {
      others[total] = best[r];
      scores[total] = cosine[best[r]];
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
