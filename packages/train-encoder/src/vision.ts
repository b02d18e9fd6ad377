/** A small vision transformer. */

import { linear, norm, type TransformerShape, transformer, type Weights } from "@optogram/networks";
import { add, matmul, mul, reduceMean, reshape, sub, transpose, type Value } from "@optogram/onnx";
import { resampled } from "./resampling.ts";
import type { Tower } from "./tower.ts";

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
  const [full, side] = [size / patch, images.shape[2] / patch];
  const positions = resampled(w.table("vision.positions", [1, full ** 2, width]), [full, full], [side, side]);
  const content = linear(w, "vision.patches", patches, width);
  const shown = hidden ? add(mul(content, sub(1, hidden)), mul(w.vector("mask", width, 0), hidden)) : content;
  const placed = add(shown, positions);
  const blocks = transformer(w, "vision", kept ? matmul(kept, placed) : placed, shape);
  const tokens = norm(w, "vision.norm", blocks[blocks.length - 1]);
  return { pooled: reduceMean(tokens, { axes: [1] }), tokens, blocks };
}

/** The transformer as a tower: every block's tokens are a layer. */
export function transformerTower(shape: VisionShape): Tower {
  const { size, patch, width, depth } = shape;
  const side = size / patch;
  const named = <T>(blocks: readonly T[]) =>
    Object.fromEntries(blocks.map((block, i) => [`block.${i}`, block]));
  return {
    title: `vision transformer (width ${width}, ${depth} blocks, patch ${patch})`,
    reference: "Dosovitskiy et al. 2021, An Image is Worth 16x16 Words",
    size,
    width,
    side,
    layout: "tokens",
    layers: named(new Array(depth).fill(side)),
    see(w, images) {
      const { pooled, tokens, blocks } = visionTower(w, images, shape);
      return { pooled, tokens, layers: named(blocks) };
    },
  };
}
