/** A sheet that grows: held-out images, and below them what was painted after some of the steps. */

import type { Checkpoint } from "@optogram/artifacts";
import sharp from "sharp";

const gap = 2;
/** Small pictures are enlarged to this height. */
const leastHeight = 96;
const background = { r: 255, g: 255, b: 255 };

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
      if (pictures?.data instanceof Uint8Array) this.#rows.set(step, parts(pictures.data, pictures.shape[0]));
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
    return sheetOf([this.#originals, ...painted], this.#size);
  }
}

function parts(data: Uint8Array, count: number): Uint8Array[] {
  const each = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * each, (i + 1) * each));
}

/** Rows from the top. */
async function sheetOf(
  rows: readonly Row[],
  [height, width]: readonly [number, number],
): Promise<Uint8Array> {
  const columns = Math.max(...rows.map((row) => row.length));
  const sheet = sharp({
    create: {
      width: columns * (width + gap) - gap,
      height: rows.length * (height + gap) - gap,
      ...{ channels: 3, background },
    },
  }).composite(
    rows.flatMap((row, i) =>
      row.map((picture, j) => ({
        input: Buffer.from(picture),
        raw: { width, height, channels: 3 as const },
        left: j * (width + gap),
        top: i * (height + gap),
      })),
    ),
  );
  const scale = Math.ceil(leastHeight / height);
  const flat = await sheet.png().toBuffer({ resolveWithObject: true });
  return await sharp(flat.data)
    .resize({ width: scale * flat.info.width, kernel: "nearest" })
    .webp({ quality: 90, effort: 2 })
    .toBuffer();
}
