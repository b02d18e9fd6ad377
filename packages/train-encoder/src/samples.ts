/** Batches of scenes: pictures, texts, and which text is true of which picture. */

import { float32, type Tensor } from "@optogram/onnx";
import { composeScene, kinds, nameCaption, rasterScene, type Scene } from "@optogram/scenes";

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

const names = kinds.map(nameCaption);

/** Texts that a batch of scenes is contrasted with. */
export function textCount(batch: number): number {
  return batch + names.length;
}

/** The caption of each scene, then the name of every kind alone ("a cat"). */
export function textsOf(scenes: readonly Scene[]): string[] {
  return [...scenes.map((scene) => scene.caption), ...names];
}

/**
 * [b, texts]: 1 where the text of {@link textsOf} describes the scene, else −1. A scene is described by captions equal
 * to its own, so that scenes described alike are no negatives of each other, and by the name of each kind it shows.
 */
export function matchesOf(scenes: readonly Scene[]): Tensor {
  const rows = scenes.flatMap(({ caption, objects }) => {
    const shown = new Set(objects.map((object) => object.kind));
    return [
      ...scenes.map((other) => other.caption === caption),
      ...kinds.map((kind) => shown.has(kind.name)),
    ];
  });
  return float32(
    Float32Array.from(rows, (matches) => (matches ? 1 : -1)),
    [scenes.length, textCount(scenes.length)],
  );
}
