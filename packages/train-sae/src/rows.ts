/** Rows of a table of embeddings, in seeded order. */

import { float32, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";

/** A table of n rows of d numbers, row-major. */
export interface Rows {
  readonly data: Float32Array;
  readonly d: number;
}

export const rowsIn = ({ data, d }: Rows): number => data.length / d;

/** Copies the given rows into a tensor [indices, d]. */
export function gatherRows({ data, d }: Rows, indices: ArrayLike<number>): Tensor {
  const out = new Float32Array(indices.length * d);
  for (let i = 0; i < indices.length; i++)
    out.set(data.subarray(indices[i] * d, (indices[i] + 1) * d), i * d);
  return float32(out, [indices.length, d]);
}

/** Which rows each step takes: pass after pass over all rows, each in an order of its own. */
export class RowOrder {
  readonly #n: number;
  readonly #batch: number;
  readonly #seed: number;
  #pass = -1;
  #order = new Uint32Array();

  constructor(n: number, batch: number, seed: number) {
    this.#n = n;
    this.#batch = batch;
    this.#seed = seed;
  }

  /** The rows of a step (from 0): a function of the step's number alone. A pass's incomplete last batch is left out. */
  at(step: number): Uint32Array {
    const perPass = Math.floor(this.#n / this.#batch);
    const pass = Math.floor(step / perPass);
    if (pass !== this.#pass) {
      this.#order = seededRandom(this.#seed, pass).shuffle(
        Uint32Array.from({ length: this.#n }, (_, i) => i),
      );
      this.#pass = pass;
    }
    const first = (step % perPass) * this.#batch;
    return this.#order.slice(first, first + this.#batch);
  }
}
