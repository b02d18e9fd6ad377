/** What a trained autoencoder keeps of a corpus, accumulated over all of it. */

import { meanRow } from "@optogram/statistics";
import type { Rows } from "./rows.ts";
import type { Coded } from "./step.ts";

export interface SaeMetrics {
  /** Fraction of variance unexplained: Σ‖x − x̂‖² / Σ‖x − x̄‖² over the corpus. */
  readonly fvu: number;
  /** 1 − FVU. */
  readonly r2: number;
  /** Mean number of active features that are kept a row. */
  readonly l0: number;
  /** The same before the limit at inference. */
  readonly l0Unlimited: number;
  /** Share of features that are active in no row. */
  readonly dead: number;
  /** Share of features that are active in more than a tenth of the rows. */
  readonly dense: number;
  /** Mean cosine similarity of a row and its reconstruction. */
  readonly cosine: number;
}

/** What each feature does over the corpus. */
export interface FeatureTable {
  /** Rows in which it is active. */
  readonly count: Uint32Array;
  /** Mean activation where it is active. */
  readonly mean: Float32Array;
  readonly max: Float32Array;
}

const denseAbove = 0.1;

/** Takes the batches of one corpus in order and sums up. */
export class SaeTally {
  readonly #rows: Rows;
  readonly #count: Uint32Array;
  readonly #sum: Float64Array;
  readonly #max: Float32Array;
  #seen = 0;
  #squared = 0;
  #kept = 0;
  #unlimited = 0;
  #cosines = 0;

  constructor(rows: Rows, latents: number) {
    this.#rows = rows;
    this.#count = new Uint32Array(latents);
    this.#sum = new Float64Array(latents);
    this.#max = new Float32Array(latents);
  }

  /** The next `size` rows as the autoencoder coded them, at most `limit` features each. */
  add(coded: Coded, size: number, limit: number): void {
    const { d, data } = this.#rows;
    for (let i = 0; i < size; i++) {
      let [error, dot, xx, yy] = [0, 0, 0, 0];
      for (let j = 0; j < d; j++) {
        const x = data[(this.#seen + i) * d + j];
        const y = coded.reconstruction[i * d + j];
        error += (x - y) ** 2;
        dot += x * y;
        xx += x * x;
        yy += y * y;
      }
      this.#squared += error;
      this.#cosines += dot / (Math.sqrt(xx * yy) || 1);
      this.#unlimited += coded.active[i];
      for (let p = i * limit; p < (i + 1) * limit && coded.values[p] > 0; p++) {
        const feature = Number(coded.features[p]);
        this.#kept++;
        this.#count[feature]++;
        this.#sum[feature] += coded.values[p];
        this.#max[feature] = Math.max(this.#max[feature], coded.values[p]);
      }
    }
    this.#seen += size;
  }

  metrics(): SaeMetrics {
    const n = this.#seen;
    const fvu = this.#squared / spread(this.#rows);
    const share = (test: (count: number) => boolean) => this.#count.filter(test).length / this.#count.length;
    return {
      fvu,
      r2: 1 - fvu,
      l0: this.#kept / n,
      l0Unlimited: this.#unlimited / n,
      dead: share((count) => count === 0),
      dense: share((count) => count > denseAbove * n),
      cosine: this.#cosines / n,
    };
  }

  features(): FeatureTable {
    const mean = Float32Array.from(this.#sum, (sum, i) => sum / (this.#count[i] || 1));
    return { count: this.#count, mean, max: this.#max };
  }
}

/** Σ‖x − x̄‖². */
function spread(rows: Rows): number {
  const { d, data } = rows;
  const mean = meanRow(data, d);
  let sum = 0;
  for (let p = 0; p < data.length; p++) sum += (data[p] - mean[p % d]) ** 2;
  return sum;
}
