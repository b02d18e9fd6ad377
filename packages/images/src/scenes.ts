/** Scenes as images. */

import { composeScene, coverage, rasterScene, type Scene, sceneMask } from "@optogram/scenes";
import type { ImageRecord, ImageSource, ImageSourceSpec } from "./source.ts";

/** Side in pixels at which coverage is measured. */
const maskSize = 64;

type ScenesSpec = Extract<ImageSourceSpec, { source: "scenes" }>;

/** A scene with a single thing is labelled with its kind. */
export function openScenes({ seed, count, first, singles }: ScenesSpec): ImageSource {
  const scene = (index: number): Scene =>
    composeScene(seed, first + index, singles === undefined ? {} : { singles });
  return {
    name: `scenes ${seed}`,
    length: count,
    record: (index) => recordOf(scene(index)),
    read: async (index, size) => ({ width: size, height: size, data: await rasterScene(scene(index), size) }),
  };
}

async function recordOf(scene: Scene): Promise<ImageRecord> {
  const { seed, index, objects, caption } = scene;
  const shares = coverage(await sceneMask(scene, maskSize), objects);
  const byKind = new Map<string, number>();
  for (const [i, { kind }] of objects.entries()) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + shares[i]);
  }
  const [only] = objects;
  return {
    id: `scene ${seed}:${index}`,
    ...(only && objects.length === 1 && { label: only.kind }),
    caption,
    truth: Array.from(byKind, ([kind, share]) => ({ kind, coverage: share })),
  };
}
