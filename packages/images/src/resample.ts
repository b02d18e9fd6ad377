/**
 * Resizing in Pillow's manner, bit for bit: a separable filter that widens with the reduction (antialiasing), pixel
 * centres at halves, weights in 22-bit fixed point, and 8 bits between the horizontal and the vertical pass. Encoders
 * were trained behind Pillow's resizer, and integers give the same pixels on every machine.
 */

import type { Picture } from "./picture.ts";

export const interpolations = ["bicubic", "bilinear"] as const;
export type Interpolation = (typeof interpolations)[number];

/** A rectangle in whole pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Filter {
  readonly support: number;
  weight(x: number): number;
}

const filters: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: catmullRom },
};

/** Keys' cubic convolution kernel with a = −1/2 (Keys 1981), 0 from 2 on. */
export function catmullRom(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

const fractionBits = 22;
const half = 1 << (fractionBits - 1);

/** Output pixel i is the sum over j < counts[i] of weights[i * stride + j] × input[starts[i] + j]. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

/** The taps of output pixels `first` to `first + count` where `from` pixels become `to`. */
function tapsOf(from: number, to: number, first: number, count: number, filter: Filter): Taps {
  const scale = from / to;
  const spread = Math.max(scale, 1);
  const support = filter.support * spread;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < count; i++) {
    const centre = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(from, Math.trunc(centre + support + 0.5)) - start;
    let sum = 0;
    for (let j = 0; j < taps; j++) {
      exact[j] = filter.weight((start + j - centre + 0.5) / spread);
      sum += exact[j];
    }
    for (let j = 0; j < taps; j++) {
      const fixed = (exact[j] / sum) * 2 ** fractionBits;
      weights[i * stride + j] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    starts[i] = start;
    counts[i] = taps;
  }
  return { starts, counts, weights, stride };
}

/** The whole picture at `width` × `height`. */
export function resize(
  picture: Picture,
  width: number,
  height: number,
  interpolation: Interpolation,
): Picture {
  return resizeRegion(picture, width, height, { left: 0, top: 0, width, height }, interpolation);
}

/**
 * What `region` shows of the picture resized to `width` × `height`, without computing the rest: memory and time go
 * with the region, however long and thin the picture.
 */
export function resizeRegion(
  picture: Picture,
  width: number,
  height: number,
  region: Region,
  interpolation: Interpolation,
): Picture {
  const filter = filters[interpolation];
  const columns = tapsOf(picture.width, width, region.left, region.width, filter);
  const rows = tapsOf(picture.height, height, region.top, region.height, filter);
  const last = region.height - 1;
  const firstRow = rows.starts[0];
  const endRow = rows.starts[last] + rows.counts[last];
  const narrowed = horizontalPass(picture, columns, firstRow, endRow);
  return {
    width: region.width,
    height: region.height,
    data: verticalPass(narrowed, region.width * 3, rows, firstRow),
  };
}

function horizontalPass(picture: Picture, taps: Taps, firstRow: number, endRow: number): Uint8ClampedArray {
  const { data: source, width } = picture;
  const { starts, counts, weights, stride } = taps;
  const out = new Uint8ClampedArray((endRow - firstRow) * starts.length * 3);
  let to = 0;
  for (let row = firstRow; row < endRow; row++) {
    for (let x = 0; x < starts.length; x++) {
      let r = half;
      let g = half;
      let b = half;
      let from = (row * width + starts[x]) * 3;
      let tap = x * stride;
      for (let n = counts[x]; n > 0; n--) {
        const weight = weights[tap++];
        // In 32 bits, said so that no overflow is looked for: a third of the time.
        r = (r + Math.imul(source[from], weight)) | 0;
        g = (g + Math.imul(source[from + 1], weight)) | 0;
        b = (b + Math.imul(source[from + 2], weight)) | 0;
        from += 3;
      }
      out[to] = r >> fractionBits;
      out[to + 1] = g >> fractionBits;
      out[to + 2] = b >> fractionBits;
      to += 3;
    }
  }
  return out;
}

/** `source` holds rows of `rowLength` bytes, from row `firstRow` on. */
function verticalPass(
  source: Uint8ClampedArray,
  rowLength: number,
  taps: Taps,
  firstRow: number,
): Uint8Array {
  const { starts, counts, weights, stride } = taps;
  const out = new Uint8ClampedArray(starts.length * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < starts.length; y++) {
    sums.fill(half);
    // Three rows a sweep: sums are read and written a third as often. Past the last tap the weight is zero.
    for (let n = 0; n < counts[y]; n += 3) {
      const [w0, w1, w2] = [0, 1, 2].map((k) => (n + k < counts[y] ? weights[y * stride + n + k] : 0));
      const row = (k: number) => (starts[y] - firstRow + Math.min(n + k, counts[y] - 1)) * rowLength;
      const [from0, from1, from2] = [row(0), row(1), row(2)];
      for (let i = 0; i < rowLength; i++) {
        const upper = (sums[i] + Math.imul(source[from0 + i], w0)) | 0;
        const lower = (Math.imul(source[from1 + i], w1) + Math.imul(source[from2 + i], w2)) | 0;
        sums[i] = upper + lower;
      }
    }
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) out[to + i] = sums[i] >> fractionBits;
  }
  return new Uint8Array(out.buffer);
}
