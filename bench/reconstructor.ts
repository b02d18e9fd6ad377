/** One training step of a reconstructor against the same network in PyTorch with its fused Adam. */

import { float32, type Tensor } from "@optogram/onnx";
import { pictureSize, type ReconstructorShape, reconstructorStep } from "@optogram/reconstruction";
import { seededRandom } from "@optogram/statistics";
import { openProduct } from "./machine.ts";
import { openPeer } from "./peer.ts";
import { duration, say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, median, type Turn, timed } from "./timing.ts";

/** As for a ViT-S/16 at 224 pixels. */
const shape: ReconstructorShape = {
  tokenWidth: 384,
  grid: [14, 14],
  width: 384,
  depth: 4,
  heads: 6,
  doublings: 4,
};
/** The last is the paper's. */
const batches = [2, 4, 10];

export async function run(): Promise<void> {
  for (const batch of batches) await step(batch);
}

async function step(batch: number): Promise<void> {
  const { grid, tokenWidth, width, depth, heads, doublings } = shape;
  const [rows, columns] = grid;
  const [height, wide] = pictureSize(shape);
  say(
    `batch ${batch}, ${rows} × ${columns} tokens of ${tokenWidth} → ${height} × ${wide} pixels, ${depth} blocks`,
  );
  const peer = await openPeer(
    "reconstructor",
    [batch, rows, columns, width, depth, heads, doublings].map(String),
  );
  const product = await openProduct();
  const random = seededRandom(0);
  const normal = () => random.normal();
  const { training, parameters } = await reconstructorStep({ shape, batch, random: normal });
  say(`${(parameters / 1e6).toFixed(1)} million parameters, float32, Adam`);
  const drawn = (axes: readonly number[]): Tensor =>
    float32(Float32Array.from({ length: axes.reduce((a, b) => a * b, 1) }, normal), axes);
  const feeds = {
    tokens: drawn([batch, rows * columns, tokenWidth]),
    pictures: drawn([batch, 3, height, wide]),
  };
  const times = await inTurn(
    {
      product: product.turn,
      ours: inARow(() => timed(() => training.run(feeds, 1e-4))),
      contiguous: peer && inARow(() => peer.turn("contiguous")),
      channelsLast: peer && inARow(() => peer.turn("channels_last")),
    },
    { warmUp: 1, seconds: 40 },
  );
  sayTimes("ours", times.ours);
  if (peer) {
    sayTimes(peer.about, times.contiguous, "contiguous");
    sayTimes(peer.about, times.channelsLast, "channels_last");
    const faster = median(times.contiguous) < median(times.channelsLast) ? "contiguous" : "channelsLast";
    sayRatio("PyTorch's faster form", times[faster], times.ours, 1.3);
  }
  const rate = product.rate(times.product);
  const operations = batch * operationsAnImage();
  const floor = operations / rate;
  const share = floor / median(times.ours);
  say(
    `floor: ${(operations / 1e9).toFixed(0)} GFLOP of products and convolutions at ${(rate / 1e9).toFixed(0)} GFLOP/s (2048³, measured in turn) = ${duration(floor)}; ${(100 * share).toFixed(0)} % of it reached`,
  );
  peer?.close();
  await training.close();
  await product.close();
}

const stepsATurn = 4;

/** The mean of a turn's steps: training goes on, and the first of a turn finds the caches as other programs left them. */
function inARow(step: Turn): Turn {
  return async () => {
    let seconds = 0;
    for (let i = 0; i < stepsATurn; i++) seconds += await step();
    return seconds / stepsATurn;
  };
}

/** Of products and convolutions: the way forward, and as much again for either gradient. */
function operationsAnImage(): number {
  const { grid, width, depth, doublings } = shape;
  const tokens = grid[0] * grid[1] + 1;
  let multiplications = depth * (12 * width ** 2 * tokens + 2 * tokens ** 2 * width);
  let pixels = grid[0] * grid[1];
  let channels = width;
  for (let i = 0; i < doublings; i++) {
    pixels *= 4;
    multiplications += 4 * pixels * channels * (channels / 2);
    channels /= 2;
    multiplications += (i === doublings - 1 ? 3 : 1) * 18 * pixels * channels ** 2;
  }
  multiplications += 9 * pixels * channels * 3;
  return 3 * 2 * multiplications;
}
