/** A sheet that grows: held-out images, and below them what was painted after some of the steps. */

import type { Checkpoint } from "@optogram/artifacts";
import { sheetOf, webpOf } from "@optogram/images";
import { rowsOf } from "@optogram/statistics";

/** Small pictures are enlarged to this height. */
const leastHeight = 96;

/** Pictures as bytes [height, width, 3]. */
type Row = readonly Uint8Array[];

/** Each row is kept by itself, so that it outlives a kill. */
export class Sheet {
  readonly #originals: Row;
  readonly #size: readonly [number, number];
  readonly #store: (name: string) => Checkpoint;
  /** By the step after which they were painted. */
  readonly #rows = new Map<number, Row>();

  constructor(originals: Row, size: readonly [number, number], store: (name: string) => Checkpoint) {
    this.#originals = originals;
    this.#size = size;
    this.#store = store;
  }

  /** The rows of these steps, where an earlier run came to them. */
  async load(steps: Iterable<number>): Promise<void> {
    for (const step of steps) {
      const saved = await this.#store(`row-${step}`).load();
      const pictures = saved?.tensors.pictures;
      if (pictures?.data instanceof Uint8Array)
        this.#rows.set(step, rowsOf(pictures.data, pictures.shape[0]));
    }
  }

  async add(step: number, row: Row): Promise<void> {
    const data = new Uint8Array(row.length * row[0].length);
    for (const [i, picture] of row.entries()) data.set(picture, i * picture.length);
    const shape = [row.length, row[0].length];
    await this.#store(`row-${step}`).save(step, { pictures: { dtype: "uint8", shape, data } });
    this.#rows.set(step, row);
  }

  /** As WebP. */
  encode(): Promise<Uint8Array> {
    const painted = [...this.#rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    const sheet = sheetOf([this.#originals, ...painted], this.#size);
    return webpOf(sheet, Math.ceil(leastHeight / this.#size[0]));
  }
}
