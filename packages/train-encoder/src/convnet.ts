/** A small ConvNeXt as the image tower. */

import { channelsLast, convNeXt, norm } from "@optogram/networks";
import { reduceMean } from "@optogram/onnx";
import type { Tower } from "./tower.ts";

export interface ConvNetShape {
  /** Side of the input in pixels. */
  readonly size: number;
  /** How much smaller the last map is than the picture; even. */
  readonly stride: number;
  /** Channels of the last map; even. */
  readonly width: number;
  /** Blocks of each of the two stages. */
  readonly depths: readonly [number, number];
}

/**
 * As large as a transformer of a width, depth and patch: its tokens are as many and as wide, so that networks are compared
 * and not grids, and at depth 6 it has 2 % more weights. (Of a width, a ConvNeXt block has two thirds of the weights of a
 * transformer's; a block of the first stage, half as wide, a quarter of that.)
 */
export function convNetLike(vit: {
  readonly size: number;
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
}): ConvNetShape {
  const { size, patch, width, depth } = vit;
  const depths = [Math.round(depth / 2), Math.round(1.5 * depth) - 1].map((n) => Math.max(1, n));
  return { size, stride: patch, width, depths: [depths[0], depths[1]] };
}

/** Two stages, the first with half the stride and half the width; both maps are layers, the last one's norm the tokens. */
export function convNetTower({ size, stride, width, depths }: ConvNetShape): Tower {
  const side = size / stride;
  return {
    title: `ConvNeXt (widths ${width / 2} and ${width}, ${depths[0]} and ${depths[1]} blocks, stride ${stride})`,
    reference: "Liu et al. 2022, A ConvNet for the 2020s",
    size,
    width,
    side,
    layout: "map",
    layers: { "stage.0": 2 * side, "stage.1": side },
    see(w, images) {
      const shape = { stem: stride / 2, widths: [width / 2, width], depths };
      const [first, last] = convNeXt(w, "vision", images, shape);
      const tokens = norm(w, "vision.norm", channelsLast(last));
      const layers = { "stage.0": first, "stage.1": last };
      return { pooled: reduceMean(tokens, { axes: [1] }), tokens, layers };
    },
  };
}
