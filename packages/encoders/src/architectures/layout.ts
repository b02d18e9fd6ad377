/** Shapes that follow from an architecture and an input size, without building anything. */

import { sizeOf } from "@optogram/onnx";
import { EncoderError } from "../error.ts";
import type { Architecture } from "./schema.ts";

export type Size = readonly [height: number, width: number];

export interface Layout {
  /** [rows, columns] of the patches, or of the last map's places. */
  readonly grid: readonly [rows: number, columns: number];
  /** Tokens before the patches: class token, registers. */
  readonly prefix: number;
  /** Channels of the output `tokens`. */
  readonly width: number;
  /** tokens: [n, width], the prefix first, then row by row. map: [width, rows, columns]. */
  readonly tokens: "tokens" | "map";
  /** Outputs of the blocks, or of a ConvNeXt's stages, in order. */
  readonly layers: readonly string[];
  /** Length of the embedding. */
  readonly embedding: number;
  /** Every output's shape for one image; a windowed block's attention has its windows there, as if each were an image. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Pixels that an input's sides must be a multiple of. */
export function strideOf(a: Architecture): number {
  return a.family === "convnext" ? a.patch * 2 ** (a.widths.length - 1) : a.patch;
}

/** The size nearest to one that the architecture takes: multiples of its stride, at least one. */
export function nearestSize(a: Architecture, [height, width]: Size): Size {
  const stride = strideOf(a);
  const nearest = (pixels: number) => Math.max(1, Math.round(pixels / stride)) * stride;
  return [nearest(height), nearest(width)];
}

/** @throws EncoderError for a size that is no multiple of the stride */
export function layoutOf(a: Architecture, size: Size): Layout {
  const stride = strideOf(a);
  if (!size.every((pixels) => Number.isInteger(pixels) && pixels > 0 && pixels % stride === 0)) {
    const [height, width] = nearestSize(a, size);
    throw new EncoderError(
      `${size[0]} × ${size[1]} pixels are no multiples of ${stride}: take ${height} × ${width}`,
    );
  }
  const grid = [size[0] / stride, size[1] / stride] as const;
  if (a.family === "convnext") return stagesLayout(a.widths, size, grid, a.patch);

  const patches = grid[0] * grid[1];
  const prefix = a.family === "sam" ? 0 : (a.family === "eva" || a.classToken ? 1 : 0) + a.registers;
  const n = prefix + patches;
  const shapes: Record<string, readonly number[]> = {};
  for (let i = 0; i < a.depth; i++) {
    shapes[`block.${i}`] = a.family === "sam" ? [a.width, ...grid] : [n, a.width];
    const windowed = a.family === "sam" && !a.globalBlocks.includes(i);
    const inside = windowed ? a.window ** 2 : n;
    shapes[`attention.${i}`] = [a.heads, inside, inside];
  }
  const layers = Object.keys(shapes).filter((name) => name.startsWith("block."));
  const width = a.family === "sam" ? a.neck : a.width;
  const tokens = a.family === "sam" ? "map" : "tokens";
  Object.assign(shapes, {
    tokens: tokens === "map" ? [width, ...grid] : [n, width],
    embedding: [width],
  });
  return { grid, prefix, width, tokens, layers, embedding: width, shapes };
}

function stagesLayout(
  widths: readonly number[],
  size: Size,
  grid: readonly [number, number],
  patch: number,
): Layout {
  const width = widths[widths.length - 1];
  const stages = widths.map((channels, i) => {
    const [rows, columns] = size.map((pixels) => pixels / (patch * 2 ** i));
    return [`stage.${i}`, [channels, rows, columns]] as const;
  });
  return {
    grid,
    prefix: 0,
    width,
    tokens: "map",
    layers: stages.map(([name]) => name),
    embedding: width,
    shapes: { ...Object.fromEntries(stages), tokens: [width, ...grid], embedding: [width] },
  };
}

/**
 * Bytes that the scores of the widest block take for `batch` images in float32, which ONNX Runtime turns into their
 * softmax in place. It grows with the square of the number of tokens: 0.8 GB of the 1.1 GB that a ViT-B/16 or SAM-B
 * took for 1024 × 1024 pixels.
 */
export function attentionBytes(a: Architecture, size: Size, batch = 1): number {
  const { shapes } = layoutOf(a, size);
  const maps = Object.entries(shapes).filter(([name]) => name.startsWith("attention."));
  return Math.max(0, ...maps.map(([, shape]) => 4 * batch * sizeOf(shape)));
}
