/** One training step of a sparse autoencoder against PyTorch with its fused Adam. */

import { float32, type Tensor } from "@optogram/onnx";
import { seededRandom } from "@optogram/statistics";
import { saeStep, type Variant } from "@optogram/train-sae";
import { openProduct } from "./machine.ts";
import { openPeer } from "./peer.ts";
import { duration, say, sayRatio, sayTimes } from "./report.ts";
import { inTurn, median, timed } from "./timing.ts";

const [batch, d, latents] = [4096, 384, 12288];

/** Encoder and decoder forward, the decoder's two gradients, the encoder's one. */
const products = 5;
const floorOperations = products * 2 * batch * d * latents;

const variants: Readonly<Record<string, Variant>> = {
  "ReLU + L1": { kind: "relu", l1: 1e-3 },
  "TopK, k = 32": { kind: "topk", k: 32 },
};

export async function run(): Promise<void> {
  say(`batch ${batch}, ${d} → ${latents}, dense float32, Adam, decoder rows kept at unit length`);
  say("ours also counts which features fire, and under TopK carries the auxiliary loss; the peer does not");
  for (const [name, variant] of Object.entries(variants)) {
    say("");
    say(`${name}:`);
    await compare(variant);
  }
  say("");
  say(
    "Between ours and the floor lie about ten passes over the 4096 × 12288 codes (bias, ReLU, its mask, L1, counts)",
  );
  say(
    "and Adam's thirteen over the parameters; fused kernels would close that. Below the floor lead only kernels that",
  );
  say("skip the codes' zeros, which is four of the five products; ONNX Runtime has none on this device.");
}

async function compare(variant: Variant): Promise<void> {
  const peer = await openPeer("sae_step", [variant.kind, String(batch), String(d), String(latents)]);
  const product = await openProduct();
  const step = await saeStep({ initial: initialTensors(), batch, variant, deadAfter: 1000 });
  const random = seededRandom(1);
  const x = float32(
    Float32Array.from({ length: batch * d }, () => random.normal()),
    [batch, d],
  );
  const times = await inTurn(
    {
      product: product.turn,
      ours: () => timed(() => step.run({ x }, 1e-4)),
      theirs: peer && (() => peer.turn("step")),
    },
    { seconds: 20 },
  );
  const rate = product.rate(times.product);
  const floor = floorOperations / rate;
  sayTimes("ours", times.ours);
  if (peer) {
    sayTimes(peer.about, times.theirs);
    sayRatio("PyTorch", times.theirs, times.ours, variant.kind === "relu" ? 1.8 : undefined);
  }
  const share = floor / median(times.ours);
  say(
    `floor: ${(floorOperations / 1e9).toFixed(0)} GFLOP of products at ${(rate / 1e9).toFixed(0)} GFLOP/s (2048³, measured in turn) = ${duration(floor)}; ${(100 * share).toFixed(0)} % of it reached`,
  );
  peer?.close();
  await step.close();
  await product.close();
}

function initialTensors(): Record<string, Tensor> {
  const random = seededRandom(0);
  const decoder = Float32Array.from({ length: latents * d }, () => random.normal() / Math.sqrt(d));
  for (let row = 0; row < latents; row++) {
    const part = decoder.subarray(row * d, (row + 1) * d);
    const length = Math.hypot(...part);
    for (let i = 0; i < d; i++) part[i] /= length;
  }
  const encoder = new Float32Array(d * latents);
  for (let row = 0; row < latents; row++)
    for (let i = 0; i < d; i++) encoder[i * latents + row] = decoder[row * d + i];
  return {
    W_enc: float32(encoder, [d, latents]),
    b_enc: float32(new Float32Array(latents)),
    W_dec: float32(decoder, [latents, d]),
    b_dec: float32(new Float32Array(d)),
  };
}
