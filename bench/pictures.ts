/** Searching for pictures of directions: features a minute on the small encoder, and a ViT-S/16 at 224 px. */

import { cardSchema, readEncoder } from "@optogram/encoders";
import { float32, GraphBuilder, matmul, openSession } from "@optogram/onnx";
import { type Network, openAscent, painterNames, painterOf } from "@optogram/painting";
import { seededRandom } from "@optogram/statistics";
import { duration, say } from "./report.ts";
import { median, timed } from "./timing.ts";
import { smallVision } from "./vision.ts";

const random = seededRandom(0);
const floats = (n: number) => Float32Array.from({ length: n }, () => random.normal());

/** Of a ViT-S/16 at 224 px for a view: 4.6 thousand million multiplications forward, as many back to the pixels. */
const smallVisionOperations = 2 * 2 * 4.6e9;

export async function run(): Promise<void> {
  const encoder = await readEncoder("tiny-siglip");
  await search("tiny-siglip at 64 px", encoder, { size: 64, count: 8, steps: 24, painter: "fourier" });
  say("");
  const rate = await productRate();
  say(`product of two 2048 × 2048 matrices: ${(rate / 1e9).toFixed(0)} GFLOP/s`);
  const large = fullSize();
  for (const painter of painterNames)
    await search("ViT-S/16 at 224 px, random weights", large, {
      size: 224,
      count: 1,
      steps: 8,
      painter,
      rate,
    });
}

interface Search {
  readonly size: number;
  readonly count: number;
  readonly steps: number;
  readonly painter: (typeof painterNames)[number];
  /** Operations a second of a matrix product. */
  readonly rate?: number;
}

async function search(what: string, encoder: Network, { size, count, steps, painter, rate }: Search) {
  const images = floats(4 * 3 * size * size).map((value) => 1 / (1 + Math.exp(-value)));
  const ascent = await openAscent(encoder, {
    painter: painterOf(painter, { size, images }),
    count,
    size,
    views: 1,
    variation: 1,
    steps,
    judged: 1,
  });
  const directions = floats(count * ascent.dimension);
  const seeds = Array.from({ length: count }, (_, i) => i);
  const paint = () => timed(() => ascent.paint({ directions, seeds }));
  await paint();
  const seconds = median([await paint(), await paint(), await paint()]);
  await ascent.close();
  const memory = `${(process.memoryUsage.rss() / 2 ** 30).toFixed(1)} GiB of memory`;
  const share =
    rate === undefined
      ? `${((60 * count) / seconds).toFixed(0)} features a minute`
      : `${duration(seconds / steps)} a step, ${((100 * smallVisionOperations * steps) / seconds / rate).toFixed(0)} % of the floor`;
  say(`${what}, ${painter}: ${count} × ${steps} steps in ${duration(seconds)}; ${share}; ${memory}`);
}

function fullSize(): Network {
  const size = 224;
  const { graph, pooled } = smallVision(1, size);
  graph.output("embedding", pooled);
  return {
    card: cardSchema.parse({
      name: "vit-small",
      title: "ViT-S/16 with random weights",
      file: "model.onnx",
      input: { preprocessing: { size, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
      outputs: { embedding: { tensor: "embedding" } },
    }),
    model: graph.model("vit-small"),
  };
}

async function productRate(): Promise<number> {
  const n = 2048;
  const graph = new GraphBuilder();
  graph.output("c", matmul(graph.input("a", [n, n]), graph.input("b", [n, n])));
  const session = await openSession(graph.model());
  const a = float32(floats(n * n), [n, n]);
  const product = () => timed(() => session.run({ a, b: a }));
  await product();
  const seconds = median([await product(), await product(), await product()]);
  await session.close();
  return (2 * n ** 3) / seconds;
}
