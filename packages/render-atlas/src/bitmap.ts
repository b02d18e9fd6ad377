/** Pixels in RGB, row by row from the top: `width * height * 3` bytes. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The colour between and behind pictures; the page's dark ground. */
export const ground = [12, 13, 15] as const;

export function blank(width: number, height: number): Bitmap {
  const data = new Uint8Array(width * height * 3);
  data.set(ground.slice(0, data.length));
  // Each copy doubles what is filled: pixel by pixel, a sheet would take longer to clear than to draw.
  for (let filled = 3; filled < data.length; filled *= 2) data.copyWithin(filled, 0, filled);
  return { width, height, data };
}

/** Copies a bitmap into another, its corner at (x, y); it must lie within. */
export function paste(into: Bitmap, from: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x + from.width > into.width || y + from.height > into.height) {
    throw new RangeError(
      `a bitmap of ${from.width} × ${from.height} at (${x}, ${y}) leaves one of ${into.width} × ${into.height}`,
    );
  }
  const row = from.width * 3;
  for (let i = 0; i < from.height; i++) {
    into.data.set(from.data.subarray(i * row, (i + 1) * row), ((y + i) * into.width + x) * 3);
  }
}

/** Half the size, rounded up, by the mean of 2 × 2 pixels; an odd edge counts twice. */
export function halve(bitmap: Bitmap): Bitmap {
  const width = Math.ceil(bitmap.width / 2);
  const height = Math.ceil(bitmap.height / 2);
  const data = new Uint8Array(width * height * 3);
  const row = bitmap.width * 3;
  for (let y = 0; y < height; y++) {
    const above = 2 * y * row;
    const below = Math.min(2 * y + 1, bitmap.height - 1) * row;
    for (let x = 0; x < width; x++) {
      const left = 6 * x;
      const right = Math.min(2 * x + 1, bitmap.width - 1) * 3;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const sum =
          bitmap.data[above + left + c]! +
          bitmap.data[above + right + c]! +
          bitmap.data[below + left + c]! +
          bitmap.data[below + right + c]!;
        data[to + c] = (sum + 2) >> 2;
      }
    }
  }
  return { width, height, data };
}
