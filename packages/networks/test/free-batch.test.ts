import { freeBatch } from "@optogram/networks";
import { float32, GraphBuilder, gemm, openSession, reshape } from "@optogram/onnx";
import { expect, it } from "vitest";

it("frees the batch where rows of all items share an axis, and keeps what is stored as it is", async () => {
  const graph = new GraphBuilder();
  const x = graph.input("x", [7, 3, 2]);
  const stored = reshape(graph.constant(float32([1, 2, 3, 4], [4])), [2, 2]);
  const rows = gemm(reshape(x, [21, 2]), stored);
  graph.output("y", reshape(rows, [7, 6]));
  const session = await openSession(freeBatch(graph.model(), 7));
  for (const n of [1, 7, 9]) {
    const input = Float32Array.from({ length: 6 * n }, (_, i) => i);
    const { y } = await session.run({ x: float32(input, [n, 3, 2]) });
    expect(y.shape).toEqual([n, 6]);
    expect([...(y.data as Float32Array)]).toEqual(
      Array.from({ length: 3 * n }, (_, r) => {
        const [a, b] = [input[2 * r], input[2 * r + 1]];
        return [a + 3 * b, 2 * a + 4 * b];
      }).flat(),
    );
  }
  await session.close();
});
