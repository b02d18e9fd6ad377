import { trainedWeights, transformer } from "@optogram/networks";
import { float32, GraphBuilder, openSession } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { Variables } from "@optogram/training";
import { expect, it } from "vitest";

const normal = (seed: number) => {
  const random = seededRandom(seed);
  return () => random.normal();
};

it("mixes tokens only through attention: a masked token changes nothing", async () => {
  const graph = new GraphBuilder();
  const variables = new Variables(graph);
  const weights = trainedWeights(variables, normal(4));
  const x = graph.input("x", [1, 3, 16]);
  const mask = graph.constant(float32([0, 0, -1e4], [1, 1, 1, 3]));
  const blocks = transformer(weights, "t", x, { width: 16, depth: 2, heads: 2, expansion: 2 }, mask);
  graph.output("y", blocks[1]);
  const session = await openSession(graph.model());
  const feeds = Object.fromEntries(variables.all.map(({ name, initial }) => [name, initial]));
  const next = normal(5);
  const input = Float32Array.from({ length: 48 }, () => next());
  const changed = input.slice();
  changed.fill(9, 32);
  const run = async (data: Float32Array) =>
    ((await session.run({ ...feeds, x: float32(data, [1, 3, 16]) })).y.data as Float32Array).slice(0, 32);
  expect(await run(changed)).toEqual(await run(input));
  await session.close();
});
