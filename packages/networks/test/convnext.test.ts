import { convNeXt, freeBatch, storedWeights, trainedWeights } from "@optogram/networks";
import { float32, GraphBuilder, openSession, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { Variables } from "@optogram/training";
import { expect, it } from "vitest";

const shape = { stem: 2, widths: [8, 16], depths: [1, 2] };
const variables = new Variables(new GraphBuilder());
const random = seededRandom(1);
convNeXt(
  trainedWeights(variables, () => random.normal()),
  "net",
  variables.graph.input("images", [1, 3, 32, 32]),
  shape,
);
const weights = Object.fromEntries(variables.all.map(({ name, initial }) => [name, initial]));

async function maps(images: Tensor) {
  const graph = new GraphBuilder();
  const outputs = convNeXt(
    storedWeights(graph, weights),
    "net",
    graph.input("images", [5, 3, 32, 32]),
    shape,
  );
  outputs.forEach((map, i) => {
    graph.output(`${i}`, map);
  });
  const session = await openSession(freeBatch(graph.model(), 5));
  const { 0: first, 1: last } = await session.run({ images });
  await session.close();
  return [first, last].map((map) => ({ shape: map.shape, data: map.data as Float32Array }));
}

const picture = (changed?: number) =>
  float32(
    Float32Array.from({ length: 3 * 32 ** 2 }, (_, i) => Math.sin(i) + (i === changed ? 1 : 0)),
    [1, 3, 32, 32],
  );

it("halves the map from stage to stage, for any batch", async () => {
  const two = float32(Float32Array.from([...picture().data, ...picture(5).data] as number[]), [2, 3, 32, 32]);
  const [first, last] = await maps(two);
  expect([first.shape, last.shape]).toEqual([
    [2, 8, 16, 16],
    [2, 16, 8, 8],
  ]);
  const [alone] = await maps(picture(5));
  alone.data.forEach((value, i) => {
    expect(first.data[alone.data.length + i]).toBeCloseTo(value, 5);
  });
});

it("sees as far as its kernels reach: three places each way in the first stage", async () => {
  const [before] = await maps(picture());
  // In the first row and column.
  const [after] = await maps(picture(0));
  const moved = new Set<number>();
  before.data.forEach((value, i) => {
    if (Math.abs(value - after.data[i]) > 1e-6) moved.add(i % 256);
  });
  const reach = (place: number) => Math.max(place % 16, Math.floor(place / 16));
  expect(moved.size).toBe(16);
  expect(Math.max(...Array.from(moved, reach))).toBe(3);
});
