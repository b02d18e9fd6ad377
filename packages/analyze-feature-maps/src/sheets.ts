/** Maps as pictures, for those who look at the artifact itself. */

import {
  fitPicture,
  type ImageSource,
  type Picture,
  type Preprocessing,
  sheetOf,
  wantedSide,
} from "@optogram/images";
import { byteOf, column, type Scale, scaleOf } from "./bytes.ts";
import type { ImageMaps } from "./draw-maps.ts";
import type { LayerFindings } from "./findings.ts";
import type { Grid } from "./truth.ts";

/** Longest side of a shown picture in pixels, where the source has so much. */
const pictureSide = 256;

/** An image as the encoder sees it, but sharp: what maps are laid beside. */
export async function shownPicture(
  source: ImageSource,
  position: number,
  preprocessing: Preprocessing,
): Promise<Picture> {
  const [height, width] = sizeOfShown(preprocessing);
  const larger = { ...preprocessing, size: [height, width] as [number, number] };
  return fitPicture(await source.read(position, wantedSide(larger)), larger);
}

function sizeOfShown({ size }: Preprocessing): readonly [number, number] {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  const factor = pictureSide / Math.max(height, width);
  return [Math.round(factor * height), Math.round(factor * width)];
}

/**
 * An image a column. Rows: the image; its own components as colours; components over all images as colours; the mask;
 * components over masked tokens as colours; the first four over all images one by one; single channels.
 */
export function layerSheet(
  { drawn: { maps }, layer: { grid, channels }, summary }: LayerFindings,
  pictures: readonly Picture[],
): Picture {
  const size = [pictures[0].height, pictures[0].width] as const;
  const k = summary.principal.variance.length;
  const n = grid[0] * grid[1];
  const along = maps.map(({ projections }): Plane => ({ values: projections, width: k }));
  const single = maps.map((map): Plane => ({ values: map.channels, width: channels.length }));
  const masked = maps.map(
    ({ masked, mask }): Plane => ({
      values: masked ?? new Float32Array(n),
      width: masked ? masked.length / n : 1,
      inside: mask,
    }),
  );
  return sheetOf(
    [
      pictures.map(({ data }) => data),
      maps.map(({ own }) => painted(grid, size, (token, c) => own[c * n + token])),
      coloured(along, grid, size),
      maps.map((map, i) => underMask(pictures[i], map, grid)),
      coloured(masked, grid, size),
      ...Array.from({ length: Math.min(4, k) }, (_, c) => greys(along, c, grid, size)),
      ...channels.map((_, c) => greys(single, c, grid, size)),
    ],
    size,
  );
}

/** Rows [tokens, width] of an image, of which only those `inside` count and are drawn. */
interface Plane {
  readonly values: Float32Array;
  readonly width: number;
  readonly inside?: readonly boolean[];
}

type Size = readonly [height: number, width: number];

function scaleOver(planes: readonly Plane[], c: number): Scale {
  return scaleOf(
    planes.flatMap(({ values, width, inside }) =>
      Array.from(column(values, width, c)).filter((_, token) => inside?.[token] ?? true),
    ),
  );
}

/** The first three columns as red, green and blue, each from its least to its largest value in all images. */
function coloured(planes: readonly Plane[], grid: Grid, size: Size): Uint8Array[] {
  const scales = Array.from({ length: Math.min(3, planes[0].width) }, (_, c) => scaleOver(planes, c));
  return planes.map(({ values, width, inside }) =>
    painted(grid, size, (token, c) =>
      (inside?.[token] ?? true) && c < scales.length ? byteOf(values[token * width + c], scales[c]) : 0,
    ),
  );
}

function greys(planes: readonly Plane[], c: number, grid: Grid, size: Size): Uint8Array[] {
  const scale = scaleOver(planes, c);
  return planes.map(({ values, width }) =>
    painted(grid, size, (token) => byteOf(values[token * width + c], scale)),
  );
}

/** A colour a token, each token as large as its patch. */
function painted(
  [rows, columns]: Grid,
  [height, width]: Size,
  value: (token: number, channel: number) => number,
): Uint8Array {
  const colours = Uint8Array.from({ length: 3 * rows * columns }, (_, at) =>
    value(Math.floor(at / 3), at % 3),
  );
  const bytes = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const first = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const from = 3 * (first + Math.floor((x * columns) / width));
      const to = 3 * (y * width + x);
      bytes[to] = colours[from];
      bytes[to + 1] = colours[from + 1];
      bytes[to + 2] = colours[from + 2];
    }
  }
  return bytes;
}

/** The picture, dimmed where it is not masked. */
function underMask(
  { width, height, data }: Picture,
  { mask }: Pick<ImageMaps, "mask">,
  [rows, columns]: Grid,
): Uint8Array {
  return data.map((value, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    const token = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
    return mask[token] ? value : value >> 2;
  });
}
