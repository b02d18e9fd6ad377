/** Batches of scenes: pictures, captions, and which caption fits which picture. */

import { float32, type Tensor } from "@optogram/onnx";
import { composeScene, rasterScene, type Scene } from "@optogram/scenes";
import { seededRandom } from "@optogram/statistics";

export interface SceneBatch {
  readonly scenes: readonly Scene[];
  /** [b, 3, size, size], from −1 to 1. */
  readonly images: Tensor;
}

/** Scenes `first` up to `first + count` of a seed, all of a single thing where `singles` is 1. */
export function scenesOf(seed: number, first: number, count: number, singles: number): Scene[] {
  return Array.from({ length: count }, (_, i) => composeScene(seed, first + i, { singles }));
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

/** Batches that one window of scenes is dealt into. */
const windowBatches = 8;

/**
 * Batches of which one half is alike in background: half of a window's scenes are sorted by background before they are
 * dealt, the other half come as they are. A contrast of scenes in the order in which they come is mostly won by telling
 * backgrounds apart and teaches little of the things; one of scenes that are all alike does not get off the ground
 * (after 190 steps its loss was still that of not knowing).
 */
export class HalfAlikeScenes {
  readonly #batch: number;
  readonly #seed: number;
  readonly #singles: number;
  #window = -1;
  #scenes: Scene[] = [];

  /** `batch` is even. */
  constructor(batch: number, seed: number, singles: number) {
    this.#batch = batch;
    this.#seed = seed;
    this.#singles = singles;
  }

  /** The scenes of a step (from 0): a function of its number alone. */
  at(step: number): Scene[] {
    const count = windowBatches * this.#batch;
    const window = Math.floor(step / windowBatches);
    if (window !== this.#window) {
      const scenes = scenesOf(this.#seed, window * count, count, this.#singles);
      const alike = scenes.slice(0, count / 2).sort((a, b) => compareText(a.background, b.background));
      this.#scenes = [...alike, ...scenes.slice(count / 2)];
      this.#window = window;
    }
    // Batches of a window come in an order of their own, so that backgrounds do not come in the alphabet's.
    const place = seededRandom(this.#seed, window).shuffle([...Array(windowBatches).keys()])[
      step % windowBatches
    ];
    const half = this.#batch / 2;
    const part = (from: number) => this.#scenes.slice(from + place * half, from + (place + 1) * half);
    return [...part(0), ...part(count / 2)];
  }
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** 1 where caption j is caption i, else −1: scenes that are described alike are no negatives of each other. */
export function captionMatches(captions: readonly string[]): Tensor {
  const n = captions.length;
  const data = Float32Array.from({ length: n * n }, (_, i) =>
    captions[Math.floor(i / n)] === captions[i % n] ? 1 : -1,
  );
  return float32(data, [n, n]);
}
