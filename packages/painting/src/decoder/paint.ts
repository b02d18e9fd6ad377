/** Painting directions with a stored decoder. */

import { type Device, float32, type Model, openSession, type Session } from "@optogram/onnx";

/** Directions a run: enough to keep all threads busy, few enough for little memory. */
const largestBatch = 64;

export interface Decoder {
  /** Length of a direction. */
  readonly dimension: number;
  /** Side of a picture in pixels. */
  readonly size: number;
  /** Pictures [n, 3, size, size] from 0 to 1 of directions [n, dimension] of any length but zero. */
  paint(directions: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface DecoderOptions {
  readonly device?: Device;
  readonly threads?: number;
}

/**
 * Opens a decoder: a model, the bytes of its file, or the file's path.
 * @throws where the model's input and output are not a decoder's.
 */
export async function openDecoder(
  model: Model | Uint8Array | string,
  options: DecoderOptions = {},
): Promise<Decoder> {
  const session = await openSession(model, options);
  try {
    return new SessionDecoder(session);
  } catch (error) {
    await session.close();
    throw error;
  }
}

class SessionDecoder implements Decoder {
  readonly dimension: number;
  readonly size: number;
  readonly #session: Session;

  constructor(session: Session) {
    const [, dimension] = session.inputs.find(({ name }) => name === "directions")?.shape ?? [];
    const [, , height, width] = session.outputs.find(({ name }) => name === "pictures")?.shape ?? [];
    if (typeof dimension !== "number" || typeof height !== "number" || height !== width)
      throw new Error(
        "this model is no decoder: it has to turn directions [batch, d] into pictures [batch, 3, size, size]",
      );
    this.#session = session;
    this.dimension = dimension;
    this.size = height;
  }

  async paint(directions: Float32Array): Promise<Float32Array> {
    const n = directions.length / this.dimension;
    if (!Number.isInteger(n))
      throw new RangeError(
        `directions are rows of ${this.dimension} numbers; ${directions.length} numbers are none`,
      );
    const picture = 3 * this.size ** 2;
    const pictures = new Float32Array(n * picture);
    for (let first = 0; first < n; first += largestBatch) {
      const count = Math.min(largestBatch, n - first);
      const rows = directions.subarray(first * this.dimension, (first + count) * this.dimension);
      const out = pictures.subarray(first * picture, (first + count) * picture);
      await this.#session.run(
        { directions: float32(rows, [count, this.dimension]) },
        { pictures: float32(out, [count, 3, this.size, this.size]) },
      );
    }
    return pictures;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
