/** Augmented crops of scenes: drawn on the host from a seed, cut out and recoloured in the graph by products. */

import { add, mul, type Value } from "@optogram/onnx";
import {
  applyViews,
  drawView,
  type View,
  type ViewRanges,
  type ViewShape,
  viewFeeder,
  viewInputs,
} from "@optogram/painting";
import type { Random } from "@optogram/statistics";
import type { Tensors } from "./objective.ts";

const colours = { flip: true, brightness: 0.3, contrast: 0.3, saturation: 0.5, noise: 0 };

/** Most of a picture, or a small part of it. */
const globalCrops: ViewRanges = { scale: [0.4, 1], ...colours };
const localCrops: ViewRanges = { scale: [0.1, 0.4], ...colours };

/** Hues are turned by up to this share of the circle, either way. */
const hueTurn = 0.1;

export interface Crops {
  /** Declares the inputs; images [b, 3, s, s] from −1 to 1 → [b · views, 3, out, out], all of the first image first. */
  cut(images: Value): Value;
  feeds(random: Random): Tensors;
}

/** `prefix` keeps the inputs of several kinds of crops apart. */
function cropsOf(prefix: string, ranges: ViewRanges, shape: ViewShape): Crops {
  const feed = viewFeeder(shape);
  const total = shape.count * shape.views;
  return {
    cut: (images) => cut(images, shape, prefix),
    feeds(random) {
      const drawn = Array.from({ length: total }, () => drawCrop(ranges, random));
      return Object.fromEntries(Object.entries(feed(drawn)).map(([name, t]) => [`${prefix}${name}`, t]));
    },
  };
}

/** Two large crops an image, as large as the image. */
export function largeCrops(count: number, size: number): Crops {
  return cropsOf("large.", globalCrops, { count, views: 2, size, out: [size, size] });
}

/** Small crops at half the image's side, rounded down to whole patches. */
export function smallCrops(count: number, views: number, size: number, patch: number): Crops {
  const side = patch * Math.max(1, Math.floor(size / patch / 2));
  return cropsOf("small.", localCrops, { count, views, size, out: [side, side] });
}

function cut(images: Value, shape: ViewShape, prefix: string): Value {
  // Colours are mixed between 0 and 1.
  const views = applyViews(mul(add(images, 1), 0.5), viewInputs(images.graph, shape, prefix));
  return add(mul(views, 2), -1);
}

function drawCrop(ranges: ViewRanges, random: Random): View {
  const view = drawView(ranges, random);
  return { ...view, colour: product(hueRotation(random.uniform(-hueTurn, hueTurn)), view.colour) };
}

/** A rotation of colour space about its grey axis by a share of the circle; [3, 3] row-major. */
export function hueRotation(turn: number): number[] {
  const [c, s] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
  const third = (1 - c) / 3;
  const side = s / Math.sqrt(3);
  return [
    c + third,
    third - side,
    third + side,
    third + side,
    c + third,
    third - side,
    third - side,
    third + side,
    c + third,
  ];
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, at) => {
    const [i, j] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + a[3 * i + k] * b[3 * k + j], 0);
  });
}
