/** Runs a network over scenes that no training saw. */

import { type Device, type Model, openSession, type Tensor } from "@optogram/onnx";
import type { Scene } from "@optogram/scenes";
import type { Tensors } from "./objective.ts";
import { drawScenes, scenesOf } from "./samples.ts";

export interface HeldOut {
  /** A seed beside the training's. */
  readonly seed: number;
  /** Rounded up to whole batches. */
  readonly count: number;
  /** The batch size that models are built for. */
  readonly batch: number;
  readonly device?: Device;
}

/** For each batch of held-out scenes: feeds the model with `images` and what `feeds` adds, and hands over the outputs. */
export async function overHeldOut(
  model: Model,
  size: number,
  { seed, count, batch, device }: HeldOut,
  feeds: (scenes: readonly Scene[], first: number) => Tensors | Promise<Tensors>,
  see: (outputs: Readonly<Record<string, Float32Array>>, scenes: readonly Scene[]) => void | Promise<void>,
): Promise<void> {
  const session = await openSession(model, device ? { device } : {});
  try {
    for (let first = 0; first < count; first += batch) {
      const { scenes, images } = await drawScenes(scenesOf(seed, first, batch), size);
      const outputs = await session.run({ images, ...(await feeds(scenes, first)) });
      await see(floats(outputs), scenes);
    }
  } finally {
    await session.close();
  }
}

function floats(outputs: Readonly<Record<string, Tensor>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}
