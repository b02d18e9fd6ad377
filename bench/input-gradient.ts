/** The gradient of an encoder's embedding for the pixels: what every picture of a feature is painted with. */

import { gradients } from "@optogram/autodiff";
import { float32, openSession, reduceSum } from "@optogram/onnx";
import { openPeer } from "./peer.ts";
import { say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, timed } from "./timing.ts";
import { smallVision } from "./vision.ts";

const [batch, size] = [8, 256];

export async function run(): Promise<void> {
  say(`${size} px, batch ${batch}, float32`);
  const { graph, images, pooled } = smallVision(batch, size);
  const [gradient] = gradients(reduceSum(pooled), [images]);
  graph.output("gradient", gradient);
  const session = await openSession(graph.model("input gradient"));
  const tensor = () =>
    float32(
      Float32Array.from({ length: batch * 3 * size * size }, (_, i) => Math.sin(i)),
      images.shape,
    );
  const feeds = { images: tensor() };
  const fetches = { gradient: tensor() };
  const peer = await openPeer("input_gradient", [String(batch), String(size)]);
  const times = await inTurn({
    ours: () => timed(() => session.run(feeds, fetches)),
    theirs: peer && (() => peer.turn("gradient")),
  });
  sayTimes("ours", times.ours);
  if (peer) {
    sayTimes(peer.about, times.theirs);
    sayRatio("PyTorch", times.theirs, times.ours);
  }
  peer?.close();
  await session.close();
}
