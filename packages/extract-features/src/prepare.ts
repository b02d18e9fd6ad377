/** Images to encoder inputs: the part that runs beside the encoder. */

import {
  ImageError,
  type ImageSource,
  inputLength,
  type Preprocessing,
  preprocess,
  wantedSide,
} from "@optogram/images";
import type { Entry, Failure, PreparedBatch } from "./batch.ts";

/** Images of a batch in work at a time: one is resized while others are decoded. */
const lanes = 4;

/**
 * Images `first` to `end` − 1 of a source, read and preprocessed. What cannot be read is listed, not thrown.
 */
export async function prepareBatch(
  source: ImageSource,
  preprocessing: Preprocessing,
  first: number,
  end: number,
): Promise<PreparedBatch> {
  const side = wantedSide(preprocessing);
  const size = inputLength(preprocessing);
  const pixels = new Float32Array((end - first) * size);
  const prepared: (Entry | Failure)[] = new Array(end - first);
  let next = first;
  const lane = async (): Promise<void> => {
    for (let image = next++; image < end; image = next++) {
      const at = image - first;
      const place = pixels.subarray(at * size, (at + 1) * size);
      prepared[at] = await prepareImage(source, preprocessing, side, image, place);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));

  const entries: Entry[] = [];
  const failures: Failure[] = [];
  for (const [at, result] of prepared.entries()) {
    if ("message" in result) failures.push(result);
    else {
      // Those after one that failed move up.
      if (failures.length > 0) pixels.copyWithin(entries.length * size, at * size, (at + 1) * size);
      entries.push(result);
    }
  }
  return { entries, failures, pixels: failures.length > 0 ? pixels.slice(0, entries.length * size) : pixels };
}

async function prepareImage(
  source: ImageSource,
  preprocessing: Preprocessing,
  side: number,
  image: number,
  place: Float32Array<ArrayBuffer>,
): Promise<Entry | Failure> {
  try {
    const record = await source.record(image);
    preprocess(await source.read(image, side), preprocessing, place);
    return { image, record };
  } catch (error) {
    if (error instanceof ImageError) return { id: source.id(image), message: error.message };
    throw error;
  }
}
