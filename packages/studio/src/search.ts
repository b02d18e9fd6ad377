/** Pictures of directions by ascent within a stage: in batches that a kill does not take back. */

import { openCheckpoint } from "@optogram/artifacts";
import type { StageContext } from "@optogram/cli";
import type { Device } from "@optogram/onnx";
import { type Ascent, type AscentOptions, type Network, openAscent, type Painter } from "@optogram/painting";

export interface Search extends Required<Pick<AscentOptions, "steps" | "views" | "variation">> {
  /** Of the phase that the progress shows; different for each search of a stage. */
  readonly name: string;
  readonly painter: Painter;
  /** Side of the pictures in pixels. */
  readonly size: number;
  /** [n, d], of any length but zero. */
  readonly directions: Float32Array;
  /** [n] */
  readonly seeds: readonly number[];
  /** Pictures [n, 3, size, size] in 0..1 to begin with; without them the painter begins with noise. */
  readonly start?: Float32Array;
}

/** Pictures painted at once: enough to keep the cores busy, few enough for little memory. */
const together = 8;

/** Pictures [n, 3, size, size] in 0..1. */
export async function searchPictures(
  context: Pick<StageContext<unknown>, "scratch" | "description" | "progress" | "signal" | "device">,
  encoder: Network,
  search: Search,
): Promise<Float32Array> {
  const { scratch, description, progress, signal, device } = context;
  const { name, painter, size, directions, seeds, start, steps, views, variation } = search;
  const n = seeds.length;
  const d = directions.length / n;
  const each = 3 * size * size;
  const pictures = new Float32Array(n * each);
  const count = Math.ceil(n / Math.ceil(n / together));
  const batches = Array.from({ length: Math.ceil(n / count) }, (_, i) => {
    const [first, last] = [i * count, Math.min(n, (i + 1) * count)];
    return { first, last, store: openCheckpoint(scratch, description, `${name}-${first}`) };
  });
  const left: (typeof batches)[number][] = [];
  for (const batch of batches) {
    const saved = (await batch.store.load())?.tensors.pictures?.data;
    if (saved) pictures.set(saved as Float32Array, batch.first * each);
    else left.push(batch);
  }
  const phase = progress.phase(name, batches.length * steps, (batches.length - left.length) * steps);
  let ascent: Ascent | undefined;
  try {
    for (const { first, last, store } of left) {
      ascent ??= await openAscent(encoder, {
        ...{ painter, count, size, steps, views, variation },
        device: device as Device,
      });
      const { pictures: data } = await ascent.paint({
        directions: directions.subarray(first * d, last * d),
        seeds: seeds.slice(first, last),
        ...(start && { start: start.subarray(first * each, last * each) }),
        onStep: ({ cosines }) => phase.advance(1, `cosine ${mean(cosines).toFixed(2)}`),
        signal,
      });
      await store.save(1, { pictures: { dtype: "float32", shape: [last - first, 3, size, size], data } });
      pictures.set(data, first * each);
    }
  } finally {
    await ascent?.close();
  }
  phase.done();
  return pictures;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
