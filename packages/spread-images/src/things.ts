/** How many things a picture shows, by a rule simple enough to be the same for any picture. */

/** A pixel of a thing is this far from its row's background, in RGB from 0 to 1. */
const apart = 0.25;
/** A region of fewer pixels is no thing: as a share of the picture. */
const smallest = 0.006;
/** Columns at each edge that a row's background is taken from, as a share of the width. */
const edge = 0.05;

/**
 * Regions (8-connected, of at least 0.6 % of the picture) of pixels that are at least 0.25 from the background of their
 * row. That goes straight from the mean colour at its left edge to that at its right edge, since sky, ground and horizon
 * lie in rows; the picture [3, size, size] is blurred before (mean of 3 × 3 pixels).
 */
export function countThings(picture: Float32Array, size: number): number {
  const plane = size * size;
  const blurred = blur(picture, size);
  const width = Math.max(1, Math.round(edge * size));
  const distances = new Float32Array(plane);
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < size; y++) {
      const row = blurred.subarray(channel * plane + y * size, channel * plane + (y + 1) * size);
      const [left, right] = [mean(row.subarray(0, width)), mean(row.subarray(size - width))];
      for (let x = 0; x < size; x++) {
        const background = left + ((right - left) * x) / (size - 1);
        distances[y * size + x] += (row[x] - background) ** 2;
      }
    }
  const marked = Uint8Array.from(distances, (squared) => (squared >= apart ** 2 ? 1 : 0));
  return regionSizes(marked, size).filter((pixels) => pixels >= smallest * plane).length;
}

/** Mean of 3 × 3 pixels, fewer at the borders. */
function blur(picture: Float32Array, size: number): Float32Array {
  const plane = size * size;
  return picture.map((_, i) => {
    const [x, y, from] = [i % size, Math.floor((i % plane) / size), i - (i % plane)];
    let sum = 0;
    let count = 0;
    for (let v = Math.max(0, y - 1); v <= Math.min(size - 1, y + 1); v++)
      for (let u = Math.max(0, x - 1); u <= Math.min(size - 1, x + 1); u++) {
        sum += picture[from + v * size + u];
        count++;
      }
    return sum / count;
  });
}

/** Pixels of each 8-connected region of marked pixels; unmarks them. */
function regionSizes(marked: Uint8Array, size: number): number[] {
  const sizes: number[] = [];
  for (let start = marked.indexOf(1); start >= 0; start = marked.indexOf(1, start)) {
    const open = [start];
    marked[start] = 0;
    let pixels = 0;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      pixels++;
      const [x, y] = [i % size, Math.floor(i / size)];
      for (let v = Math.max(0, y - 1); v <= Math.min(size - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(size - 1, x + 1); u++) {
          const next = v * size + u;
          if (!marked[next]) continue;
          marked[next] = 0;
          open.push(next);
        }
    }
    sizes.push(pixels);
  }
  return sizes;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
