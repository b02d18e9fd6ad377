/** Batches of scenes: pictures, captions, and which caption fits which picture. */

import { float32, type Tensor } from "@optogram/onnx";
import { composeScene, rasterScene, type Scene } from "@optogram/scenes";

export interface SceneBatch {
  readonly scenes: readonly Scene[];
  /** [b, 3, size, size], from −1 to 1. */
  readonly images: Tensor;
}

/** Scenes `first` up to `first + count` of a seed; `singles` is the share that shows a single thing. */
export function scenesOf(seed: number, first: number, count: number, singles?: number): Scene[] {
  const options = singles === undefined ? {} : { singles };
  return Array.from({ length: count }, (_, i) => composeScene(seed, first + i, options));
}

/** Draws scenes for a network. */
export async function drawScenes(scenes: readonly Scene[], size: number): Promise<SceneBatch> {
  const pixels = size * size;
  const data = new Float32Array(scenes.length * 3 * pixels);
  await Promise.all(
    scenes.map(async (scene, i) => {
      const rgb = await rasterScene(scene, size);
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < pixels; p++) data[(3 * i + c) * pixels + p] = rgb[3 * p + c] / 127.5 - 1;
    }),
  );
  return { scenes, images: float32(data, [scenes.length, 3, size, size]) };
}

/** 1 where caption j is caption i, else −1: scenes that are described alike are no negatives of each other. */
export function captionMatches(captions: readonly string[]): Tensor {
  const n = captions.length;
  const data = Float32Array.from({ length: n * n }, (_, i) =>
    captions[Math.floor(i / n)] === captions[i % n] ? 1 : -1,
  );
  return float32(data, [n, n]);
}
