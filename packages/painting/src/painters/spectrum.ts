/** Magnitudes and phases of a picture's frequencies, and what they are in a set of pictures. */

import { type Colours, channelsOf, measureColours } from "./colours.ts";

/** Colours and mean magnitudes of a set of pictures of one size. */
export interface Spectrum {
  readonly size: number;
  readonly colours: Colours;
  /** [3, size, size / 2 + 1]: mean |F| of each decorrelated channel; frequencies as in `halfTransform`. */
  readonly magnitudes: Float32Array;
}

/** The number of frequencies along the last axis of a real picture's transform. */
export const halfOf = (size: number): number => Math.floor(size / 2) + 1;

/** The spectrum of pictures [n, 3, size, size] in 0..1; a few hundred give steady means. */
export function measureSpectrum(pictures: Float32Array, size: number): Spectrum {
  const each = 3 * size * size;
  const count = pictures.length / each;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(
      `measureSpectrum: ${pictures.length} numbers are no pictures [n, 3, ${size}, ${size}]`,
    );
  const colours = measureColours(pictures, size);
  const plane = size * size;
  const half = size * halfOf(size);
  const magnitudes = new Float32Array(3 * half);
  for (let i = 0; i < count; i++) {
    const channels = channelsOf(pictures.subarray(i * each, (i + 1) * each), colours);
    for (let channel = 0; channel < 3; channel++) {
      const { real, imaginary } = halfTransform(
        channels.subarray(channel * plane, (channel + 1) * plane),
        size,
      );
      for (let k = 0; k < half; k++)
        magnitudes[channel * half + k] += Math.hypot(real[k], imaginary[k]) / count;
    }
  }
  return { size, colours, magnitudes };
}

/**
 * F[u, v] = 1/n Σ f[x, y] e^(−2πi (ux + vy) / n) for u = 0 … n − 1 and v = 0 … n/2; the rest are the conjugates of
 * these. By sums along one axis after the other.
 */
export function halfTransform(
  plane: Float32Array,
  n: number,
): { readonly real: Float32Array; readonly imaginary: Float32Array } {
  const h = halfOf(n);
  const cosine = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sine = Float64Array.from({ length: n }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  const [rowReal, rowImaginary] = [new Float64Array(n * h), new Float64Array(n * h)];
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++) {
      const value = plane[x * n + y] / n;
      for (let v = 0, k = 0; v < h; v++, k = (k + y) % n) {
        rowReal[x * h + v] += value * cosine[k];
        rowImaginary[x * h + v] -= value * sine[k];
      }
    }
  const [real, imaginary] = [new Float32Array(n * h), new Float32Array(n * h)];
  for (let u = 0; u < n; u++)
    for (let x = 0, k = 0; x < n; x++, k = (k + u) % n) {
      const [c, s] = [cosine[k], sine[k]];
      for (let v = 0; v < h; v++) {
        const [a, b] = [rowReal[x * h + v], rowImaginary[x * h + v]];
        real[u * h + v] += a * c + b * s;
        imaginary[u * h + v] += b * c - a * s;
      }
    }
  return { real, imaginary };
}
