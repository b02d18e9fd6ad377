import fc from "fast-check";
import { expect, test } from "vitest";
import { packMoves } from "./moves.ts";

/** As the page does it. */
function unpack({ scale, bytes }: ReturnType<typeof packMoves>): number[][] {
  const at = new Float64Array(bytes[0]?.length ?? 0);
  return bytes.map((frame, f) => {
    for (const [i, unit] of new Int8Array(frame.buffer).entries()) at[i]! += unit * scale[f]!;
    return [...at];
  });
}

test("unpacked positions are within half a unit of the frame, however many frames came before", () => {
  const width = 4;
  const value = fc.float({ min: -50, max: 50, noNaN: true });
  const frame = fc.array(value, { minLength: width, maxLength: width });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 40 }), (frames) => {
      const packed = packMoves(Float32Array.from(frames.flat()), width);
      for (const [f, positions] of unpack(packed).entries())
        for (const [i, position] of positions.entries())
          expect(Math.abs(position - Math.fround(frames[f]![i]!))).toBeLessThanOrEqual(
            0.51 * packed.scale[f]! + 1e-9,
          );
    }),
  );
});
