/**
 * Augmented views of pictures as linear algebra: crop, resize and flip are two interpolation matrices, colours a matrix
 * and an offset, noise is added. The host draws the views; the graph applies them, so gradients flow through products.
 */

import {
  add,
  float32,
  type GraphBuilder,
  matmul,
  reshape,
  type Tensor,
  transpose,
  type Value,
} from "@optogram/onnx";
import { type Random, seededRandom } from "@optogram/statistics";

/** What views are drawn from. */
export interface ViewRanges {
  /** Share of the picture's area that a square crop keeps: least and most. */
  readonly scale: readonly [number, number];
  /** Whether every other view is mirrored. */
  readonly flip: boolean;
  /** Values are multiplied by 1 ± this. */
  readonly brightness: number;
  /** Distances from middle grey are multiplied by 1 ± this. */
  readonly contrast: number;
  /** Distances from a pixel's own grey are multiplied by 1 ± this. */
  readonly saturation: number;
  /** Standard deviation of noise on values in 0..1. */
  readonly noise: number;
}

/** Mild, for encoders that were trained on whole pictures. */
export const mildViews: ViewRanges = {
  scale: [0.5, 1],
  flip: true,
  brightness: 0.1,
  contrast: 0.2,
  saturation: 0.2,
  noise: 0.03,
};

/** The picture as it is, resized to the encoder's input. */
export const plainViews: ViewRanges = {
  scale: [1, 1],
  flip: false,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  noise: 0,
};

/** One drawn view. */
export interface View {
  /** The crop's left and top edge and its side, as shares of the picture's side. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly flipped: boolean;
  /** seen = colour · value + offset; [3, 3] row-major, and one number for all channels. */
  readonly colour: readonly number[];
  readonly offset: number;
  readonly noise: number;
  /** Where in a store of noise this view's begins, as a share. */
  readonly noiseFrom: number;
}

/** Weights of red, green and blue in grey (ITU-R BT.601). */
const grey = [0.299, 0.587, 0.114];

export function drawView(ranges: ViewRanges, random: Random): View {
  const side = Math.sqrt(random.uniform(...ranges.scale));
  const around = (spread: number) => random.uniform(1 - spread, 1 + spread);
  const left = random.uniform() * (1 - side);
  const top = random.uniform() * (1 - side);
  const flipped = random.uniform() < 0.5 && ranges.flip;
  const [brightness, contrast, saturation] = [ranges.brightness, ranges.contrast, ranges.saturation].map(
    around,
  );
  return {
    left,
    top,
    side,
    flipped,
    colour: [0, 1, 2].flatMap((i) =>
      grey.map((share, j) => brightness * contrast * ((i === j ? saturation : 0) + (1 - saturation) * share)),
    ),
    offset: (1 - contrast) / 2,
    noise: ranges.noise,
    noiseFrom: random.uniform(),
  };
}

/**
 * [out, size] row-major: the pixels of a crop of `length` from `start` on, resized to `out`, as weights of the axis'
 * pixels. Triangles, widened where the crop shrinks (antialiased); every row sums to 1, so borders repeat.
 */
export function interpolationMatrix(
  out: number,
  size: number,
  start: number,
  length: number,
  flipped = false,
): Float32Array {
  const matrix = new Float32Array(out * size);
  const step = length / out;
  const reach = Math.max(1, step);
  for (let o = 0; o < out; o++) {
    const row = matrix.subarray((flipped ? out - 1 - o : o) * size).subarray(0, size);
    const centre = start + (o + 0.5) * step - 0.5;
    let sum = 0;
    const last = Math.min(size - 1, Math.floor(centre + reach));
    for (let i = Math.max(0, Math.ceil(centre - reach)); i <= last; i++) {
      row[i] = 1 - Math.abs(i - centre) / reach;
      sum += row[i];
    }
    for (let i = 0; i < size; i++) row[i] /= sum;
  }
  return matrix;
}

export interface ViewShape {
  /** Pictures, and views of each. */
  readonly count: number;
  readonly views: number;
  /** Side of the pictures. */
  readonly size: number;
  /** [height, width] of a view. */
  readonly out: readonly [number, number];
}

/** What the graph is fed for the views. */
export type ViewFeeds = Readonly<Record<"rows" | "columns" | "colours" | "offsets" | "noise", Tensor>>;

/** How many numbers more than a view needs the store of noise has: so many places a view's noise may begin. */
const noisePlaces = 65_536;

/**
 * Turns drawn views, all of the first picture first, into feeds. Noise is read from one store of normal numbers, the
 * same for all, at each view's own place: drawing it anew took longer than all else on the host.
 */
export function viewFeeder({ count, views, size, out }: ViewShape): (drawn: readonly View[]) => ViewFeeds {
  const [height, width] = out;
  const total = count * views;
  const pixels = 3 * height * width;
  const random = seededRandom(0);
  const store = Float32Array.from({ length: pixels + noisePlaces }, () => random.normal());
  return (drawn) => {
    if (drawn.length !== total)
      throw new RangeError(`views: ${drawn.length} are given, not ${count} × ${views}`);
    const rows = new Float32Array(total * height * size);
    const columns = new Float32Array(total * size * width);
    const colours = new Float32Array(total * 9);
    const noise = new Float32Array(total * pixels);
    for (const [i, view] of drawn.entries()) {
      const [top, left, side] = [view.top * size, view.left * size, view.side * size];
      rows.set(interpolationMatrix(height, size, top, side), i * height * size);
      const across = interpolationMatrix(width, size, left, side, view.flipped);
      const at = i * size * width;
      for (let o = 0; o < width; o++)
        for (let x = 0; x < size; x++) columns[at + x * width + o] = across[o * size + x];
      colours.set(view.colour, i * 9);
      if (view.noise === 0) continue;
      const from = Math.floor(view.noiseFrom * noisePlaces);
      for (let k = 0; k < pixels; k++) noise[i * pixels + k] = view.noise * store[from + k];
    }
    return {
      rows: float32(rows, [count, 1, views * height, size]),
      columns: float32(columns, [count, 1, views, size, width]),
      colours: float32(colours, [total, 3, 3]),
      offsets: float32(
        drawn.map((view) => view.offset),
        [total, 1, 1],
      ),
      noise: float32(noise, [total, 3, height, width]),
    };
  };
}

export type ViewInputs = Readonly<Record<keyof ViewFeeds, Value>>;

/** Inputs of the graph under the names of `ViewFeeds`, after a prefix where a graph has views of several shapes. */
export function viewInputs(
  graph: GraphBuilder,
  { count, views, size, out }: ViewShape,
  prefix = "",
): ViewInputs {
  const [height, width] = out;
  const total = count * views;
  return {
    rows: graph.input(`${prefix}rows`, [count, 1, views * height, size]),
    columns: graph.input(`${prefix}columns`, [count, 1, views, size, width]),
    colours: graph.input(`${prefix}colours`, [total, 3, 3]),
    offsets: graph.input(`${prefix}offsets`, [total, 1, 1]),
    noise: graph.input(`${prefix}noise`, [total, 3, height, width]),
  };
}

/** Pictures [count, 3, size, size] as views [count · views, 3, height, width], all of the first picture first. */
export function applyViews(pictures: Value, inputs: ViewInputs): Value {
  const [total, , height, width] = inputs.noise.shape;
  const [count, , size] = pictures.shape;
  const views = total / count;
  // Rows of all views of a picture in one product, then each view's columns.
  const cut = reshape(matmul(inputs.rows, pictures), [count, 3, views, height, size]);
  const cropped = transpose(matmul(cut, inputs.columns), [0, 2, 1, 3, 4]);
  const mixed = matmul(inputs.colours, reshape(cropped, [total, 3, height * width]));
  return add(reshape(add(mixed, inputs.offsets), [total, 3, height, width]), inputs.noise);
}
