/** A small vision transformer. */

import { linear, norm, type TransformerShape, transformer, type Weights } from "@optogram/networks";
import { add, float32, matmul, mul, reduceMean, reshape, sub, transpose, type Value } from "@optogram/onnx";
import { interpolationMatrix } from "@optogram/painting";

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

/** What the tower does not get to see. */
export interface Masking {
  /** [b, n, 1]: 1 where a learned token stands in for a patch, else 0. */
  readonly hidden?: Value;
  /** [b, kept, n]: rows of the identity, for the patches that become tokens; the others are left out. */
  readonly kept?: Value;
}

/** images [b, 3, side, side] as patches [b, n, 3 · patch²], row by row. */
export function patchesOf(images: Value, patch: number): Value {
  const [b, , size] = images.shape;
  const side = size / patch;
  const grid = reshape(images, [b, 3, side, patch, side, patch]);
  return reshape(transpose(grid, [0, 2, 4, 1, 3, 5]), [b, side * side, 3 * patch * patch]);
}

/**
 * images [b, 3, side, side] normalised; tokens are patches row by row. Where images are smaller than the shape's size,
 * the position embeddings are resampled to their grid.
 */
export function visionTower(
  w: Weights,
  images: Value,
  shape: VisionShape,
  { hidden, kept }: Masking = {},
): VisionOutput {
  const { size, patch, width } = shape;
  const patches = patchesOf(images, patch);
  const positions = resampled(
    w.table("vision.positions", [1, (size / patch) ** 2, width]),
    images.shape[2] / patch,
  );
  const content = linear(w, "vision.patches", patches, width);
  const shown = hidden ? add(mul(content, sub(1, hidden)), mul(w.vector("mask", width, 0), hidden)) : content;
  const placed = add(shown, positions);
  const blocks = transformer(w, "vision", kept ? matmul(kept, placed) : placed, shape);
  const tokens = norm(w, "vision.norm", blocks[blocks.length - 1]);
  return { pooled: reduceMean(tokens, { axes: [1] }), tokens, blocks };
}

/** Position embeddings [1, full², d] for a grid of side × side. */
function resampled(positions: Value, side: number): Value {
  const full = Math.sqrt(positions.shape[1]);
  if (side === full) return positions;
  const axis = interpolationMatrix(side, full, 0, full);
  const both = new Float32Array(side ** 2 * full ** 2);
  for (let i = 0; i < both.length; i++) {
    const [to, from] = [Math.floor(i / full ** 2), i % full ** 2];
    const row = axis[Math.floor(to / side) * full + Math.floor(from / full)];
    both[i] = row * axis[(to % side) * full + (from % full)];
  }
  return matmul(positions.graph.constant(float32(both, [side ** 2, full ** 2])), positions);
}
