/** Images to encoder inputs: the part that runs beside the encoder. */

import { ImageError, type ImageSource, type Preprocessing, preprocess, wantedSide } from "@optogram/images";
import type { Entry, Failure, PreparedBatch } from "./batch.ts";

/** Images of a batch in work at a time: one is resized while others are decoded. */
const lanes = 4;

type Prepared = { readonly entry: Entry; readonly pixels: Float32Array } | Failure;

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
  const prepared: Prepared[] = new Array(end - first);
  let next = first;
  const lane = async (): Promise<void> => {
    for (let image = next++; image < end; image = next++) {
      prepared[image - first] = await prepareImage(source, preprocessing, side, image);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));

  const readable = prepared.filter((result) => "entry" in result);
  const failures = prepared.filter((result) => "message" in result);
  const size = readable[0]?.pixels.length ?? 0;
  const pixels = new Float32Array(readable.length * size);
  for (const [i, result] of readable.entries()) pixels.set(result.pixels, i * size);
  return { entries: readable.map(({ entry }) => entry), failures, pixels };
}

async function prepareImage(
  source: ImageSource,
  preprocessing: Preprocessing,
  side: number,
  image: number,
): Promise<Prepared> {
  const record = await source.record(image);
  try {
    const picture = await source.read(image, side);
    return { entry: { image, record }, pixels: preprocess(picture, preprocessing) };
  } catch (error) {
    if (error instanceof ImageError) return { id: record.id, message: error.message };
    throw error;
  }
}
