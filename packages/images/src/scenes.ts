/** Scenes as images. */

import { composeScene, coverage, rasterScene, type Scene, sceneMask } from "@optogram/scenes";
import { remember } from "./remember.ts";
import type { ImageRecord, ImageSource, ImageSourceSpec, KindMask } from "./source.ts";

/** Side in pixels at which coverage is measured: to a thousandth of the frame, at half the cost of drawing. */
const maskSize = 32;

/** A scene's record and picture are wanted one after the other, by a few readers at a time. */
const scenesHeld = 16;

type ScenesSpec = Extract<ImageSourceSpec, { source: "scenes" }>;

/** A scene with a single thing is labelled with its kind. */
export function openScenes({ seed, count, first, singles }: ScenesSpec): ImageSource {
  const scene = remember(scenesHeld, (index: number) =>
    composeScene(seed, first + index, singles === undefined ? {} : { singles }),
  );
  return {
    name: `scenes ${seed}`,
    origin: "scenes",
    length: count,
    id: (index) => idOf(seed, first + index),
    record: (index) => recordOf(scene(index)),
    read: async (index, size) => ({ width: size, height: size, data: await rasterScene(scene(index), size) }),
    mask: (index, size) => maskOf(scene(index), size),
  };
}

const idOf = (seed: number, index: number) => `scene ${seed}:${index}`;

async function recordOf(scene: Scene): Promise<ImageRecord> {
  const { seed, index, objects, caption } = scene;
  const shares = coverage(await sceneMask(scene, maskSize), objects);
  const byKind = new Map<string, number>();
  for (const [i, { kind }] of objects.entries()) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + shares[i]);
  }
  const [only] = objects;
  return {
    id: idOf(seed, index),
    ...(only && objects.length === 1 && { label: only.kind }),
    caption,
    truth: Array.from(byKind, ([kind, share]) => ({ kind, coverage: share })),
  };
}

async function maskOf(scene: Scene, size: number): Promise<KindMask> {
  const kinds = [...new Set(scene.objects.map(({ kind }) => kind))];
  const labels = [0, ...scene.objects.map(({ kind }) => 1 + kinds.indexOf(kind))];
  const objects = await sceneMask(scene, size);
  return { width: size, height: size, labels: objects.map((object) => labels[object]), kinds };
}
