/** Tokens to pictures, in ONNX Runtime. */

import { type Device, float32, type Model, openSession } from "@optogram/onnx";

/** Pictures a run. */
const largestBatch = 16;

export interface TokenPainter {
  /** [height, width] of the pictures. */
  readonly size: readonly [number, number];
  /** Tokens [n, rows · columns, width] of any length → pictures [n, 3, ...size] of red, green, blue in 0..1. */
  paint(tokens: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a reconstructor's model.
 * @throws where its input and output are not a reconstructor's.
 */
export async function openPainter(model: Model | Uint8Array, device?: Device): Promise<TokenPainter> {
  const session = await openSession(model, device ? { device } : {});
  const [, count, width] = session.inputs.find(({ name }) => name === "tokens")?.shape ?? [];
  const [, , high, wide] = session.outputs.find(({ name }) => name === "pictures")?.shape ?? [];
  const sizes = [count, width, high, wide].filter((size) => typeof size === "number");
  if (sizes.length < 4) {
    await session.close();
    throw new Error(
      "this model is no reconstructor: it has to turn tokens [batch, n, d] into pictures [batch, 3, height, width]",
    );
  }
  const [rows, numbers, ...size] = sizes;
  const [height, across] = size;
  const each = 3 * height * across;
  return {
    size: [height, across],
    async paint(tokens) {
      const n = tokens.length / (rows * numbers);
      if (!Number.isInteger(n))
        throw new RangeError(`${tokens.length} numbers are no tokens of [${rows}, ${numbers}]`);
      const pictures = new Float32Array(n * each);
      for (let first = 0; first < n; first += largestBatch) {
        const end = Math.min(n, first + largestBatch);
        const part = tokens.subarray(first * rows * numbers, end * rows * numbers);
        const out = pictures.subarray(first * each, end * each);
        await session.run(
          { tokens: float32(part, [end - first, rows, numbers]) },
          { pictures: float32(out, [end - first, 3, height, across]) },
        );
      }
      return pictures;
    },
    close: () => session.close(),
  };
}
