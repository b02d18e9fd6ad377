/** Images of a study that painters take colours and spectra from. */

import type { PhotoReader } from "@optogram/painting";

const most = 256;

/** Up to 256 images [n, 3, size, size] in 0..1, evenly spaced over the set. */
export async function imageSample(
  { images }: { readonly images: ArrayLike<number> },
  photo: PhotoReader,
): Promise<Float32Array> {
  const count = Math.min(most, images.length);
  const chosen: Float32Array[] = [];
  for (let i = 0; i < count; i++) chosen.push(await photo(images[Math.floor((i * images.length) / count)]));
  const sample = new Float32Array(chosen.reduce((sum, { length }) => sum + length, 0));
  for (const [i, picture] of chosen.entries()) sample.set(picture, i * picture.length);
  return sample;
}
