/** A small vision transformer. */

import { linear, norm, type TransformerShape, transformer, type Weights } from "@optogram/networks";
import { add, reduceMean, reshape, transpose, type Value } from "@optogram/onnx";

export interface VisionShape extends TransformerShape {
  /** Side of the input in pixels. */
  readonly size: number;
  readonly patch: number;
}

export interface VisionOutput {
  /** [b, d]: the mean of the final tokens. */
  readonly pooled: Value;
  /** [b, n, d], after the final norm. */
  readonly tokens: Value;
  /** The output of each block [b, n, d]. */
  readonly blocks: readonly Value[];
}

/** images [b, 3, size, size] normalised; tokens are patches row by row. */
export function visionTower(w: Weights, images: Value, shape: VisionShape): VisionOutput {
  const { size, patch, width } = shape;
  const side = size / patch;
  const [b] = images.shape;
  const grid = reshape(images, [b, 3, side, patch, side, patch]);
  const patches = reshape(transpose(grid, [0, 2, 4, 1, 3, 5]), [b, side * side, 3 * patch * patch]);
  const positions = w.table("vision.positions", [1, side * side, width]);
  const blocks = transformer(w, "vision", add(linear(w, "vision.patches", patches, width), positions), shape);
  const tokens = norm(w, "vision.norm", blocks[blocks.length - 1]);
  return { pooled: reduceMean(tokens, { axes: [1] }), tokens, blocks };
}
