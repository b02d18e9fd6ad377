/** Pictures and channel maps side by side. */

import { type Picture, sheetGap, sheetOf } from "@optogram/images";
import { bytesOf } from "@optogram/reconstruction";
import { rowsOf } from "@optogram/statistics";
import type { Judged } from "./judge.ts";

type Size = readonly [height: number, width: number];

/** Rows of pictures, planes [3, height, width] in 0..1. */
export function pictureSheet(rows: readonly (readonly Float32Array[])[], size: Size): Picture {
  return sheetOf(
    rows.map((row) => row.map(bytesOf)),
    size,
  );
}

/** What the rows of a change's sheet show above the operators' own: x, T(x), R(f(x)), R(f(T(x))). */
const rowsAbove = ["image", "changed", "repainted", "changed-repainted"];

/** x, T(x), R(f(x)), R(f(T(x))), and R(Q f(x)) of each operator, as rows; an image a column. */
export function changeSheet({ pictures, operators }: Judged, columns: number, size: Size): Picture {
  const { before, after, beforeRepainted, afterRepainted } = pictures;
  const rows = [before, after, beforeRepainted, afterRepainted, ...operators.map((one) => one.pictures)];
  return pictureSheet(
    rows.map((row) => row.slice(0, columns)),
    size,
  );
}

/** Where each picture lies on the sheets, for who cuts them out. */
export function describeSheets(
  changes: readonly string[],
  operators: readonly string[],
  { images, channels, size }: { images: number; channels: number; size: Size },
) {
  return {
    ...{ size, gap: sheetGap },
    sheets: { columns: images, rows: [...rowsAbove, ...operators] },
    channels: {
      columns: 1 + channels,
      rows: changes.flatMap((change) => [`${change} before`, `${change} after`]),
    },
  };
}

/**
 * Two rows of pictures for a change: the first image before it and then channels of its tokens, and the same after it.
 * The channels are those that the change moves most in this image; each is drawn from its least to its largest value
 * in both rows.
 */
export function channelRows(
  { pictures, tokens }: Pick<Judged, "pictures" | "tokens">,
  { channels, width, grid, size }: { channels: number; width: number; grid: Size; size: Size },
): Float32Array[][] {
  const count = pictures.before.length;
  const [x] = rowsOf(tokens.x, count);
  const [y] = rowsOf(tokens.y, count);
  const moved = new Float64Array(width);
  for (let i = 0; i < x.length; i++) moved[i % width] += (x[i] - y[i]) ** 2;
  const most = Array.from(moved.keys())
    .sort((a, b) => moved[b] - moved[a] || a - b)
    .slice(0, channels);
  const ranges = most.map((channel) => {
    const values = [x, y].flatMap((part) => Array.from(part.filter((_, i) => i % width === channel)));
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const drawn = (part: Float32Array) =>
    most.map((channel, i) => channelPicture((place) => part[place * width + channel], ranges[i], grid, size));
  return [
    [pictures.before[0], ...drawn(x)],
    [pictures.after[0], ...drawn(y)],
  ];
}

/** A value a place of the grid, as greys. */
function channelPicture(
  value: (place: number) => number,
  [low, high]: readonly [number, number],
  [rows, columns]: Size,
  [height, width]: Size,
): Float32Array {
  const plane = height * width;
  const span = high > low ? high - low : 1;
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    const row = Math.floor((Math.floor((i % plane) / width) * rows) / height);
    const column = Math.floor(((i % width) * columns) / width);
    return (value(row * columns + column) - low) / span;
  });
}
