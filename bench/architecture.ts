/** One of the encoders in architectures.ts: `node bench/one.ts architecture NAME`. */

import { buildArchitecture, presets, randomWeights } from "@optogram/encoders";
import { float32, openSession, sizeOf, type TypedModel } from "@optogram/onnx";
import { trials } from "./architectures.ts";
import { openProduct } from "./machine.ts";
import { openPeer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, median, timed } from "./timing.ts";

export async function run(): Promise<void> {
  const [, , , name] = process.argv;
  const { batch, size } = trials[name];
  const model = buildArchitecture(presets[name], randomWeights(presets[name], 0), {
    batch,
    size: [size, size],
    outputs: ["embedding"],
  });
  const operations = operationsOf(model);
  const perImage = (operations / batch / 1e9).toFixed(1);
  say(`${name}, ${size} px, batch ${batch}, ${perImage} GFLOP an image, float32`);
  const session = await openSession(model);
  const pixels = Float32Array.from({ length: batch * 3 * size * size }, (_, i) => Math.sin(i));
  const feeds = { images: float32(pixels, [batch, 3, size, size]) };
  await session.run(feeds);
  // Before the product, whose matrices are none of the encoder's.
  const peak = process.resourceUsage().maxRSS / 2 ** 20;
  const product = await openProduct();
  const peer = await openPeer("architectures", [name, String(batch), String(size)]);
  const times = await inTurn(
    {
      ours: () => timed(() => session.run(feeds)),
      theirs: peer && (() => peer.turn("embed")),
      product: product.turn,
    },
    { warmUp: 1, rounds: 5, seconds: 60 },
  );
  const rate = (seconds: readonly number[]) => `${(batch / median(seconds)).toFixed(1)} images a second`;
  const share = operations / median(times.ours) / product.rate(times.product);
  sayTimes("ours", times.ours, rate(times.ours));
  say(`${(100 * share).toFixed(0)} % of the rate of a 2048² product; peak memory ${peak.toFixed(1)} GiB`);
  if (peer) {
    sayTimes(peer.about, times.theirs, rate(times.theirs));
    sayRatio("timm", times.theirs, times.ours);
  }
  say("");
  peer?.close();
  await product.close();
  await session.close();
}

/** Floating-point operations of the products and convolutions. */
function operationsOf({ graph }: TypedModel): number {
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of [...graph.inputs, ...graph.values.values(), ...graph.outputs])
    shapes.set(name, shape as readonly number[]);
  for (const [name, { shape }] of graph.initializers) shapes.set(name, shape);
  const shapeOf = (name: string) => shapes.get(name) ?? [];
  let operations = 0;
  for (const { op, inputs, outputs } of graph.nodes) {
    const made = sizeOf(shapeOf(outputs[0]));
    if (op === "MatMul" || op === "Gemm") operations += 2 * made * (shapeOf(inputs[0]).at(-1) ?? 0);
    if (op === "Conv") operations += 2 * made * sizeOf(shapeOf(inputs[1]).slice(1));
  }
  return operations;
}
