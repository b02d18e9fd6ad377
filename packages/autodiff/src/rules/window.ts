/** Where the windows of a convolution or pooling lie. */

import type { Value } from "@optogram/onnx";
import { type RuleNode, range } from "../rule.ts";

/** For each spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The sizes of a map [n, c, ...] along its spatial axes. */
export const spatial = (x: Value): readonly number[] => x.shape.slice(2);

/** How many elements a window reaches over along axis i. */
export function extent(w: Window, i: number): number {
  return w.dilations[i] * (w.kernel[i] - 1) + 1;
}

/** All coordinates in a kernel or a map, row-major. */
export function positions(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>((all, size) => all.flatMap((p) => range(size).map((i) => [...p, i])), [[]]);
}

/**
 * The windows of a node that slides from `large` to `small` spatial sizes (Conv, pooling) or the other way round
 * (ConvTranspose).
 */
export function windowOf(
  n: RuleNode,
  kernel: readonly number[],
  large: readonly number[],
  small: readonly number[],
): Window {
  const ones = kernel.map(() => 1);
  const strides = n.integers("strides") ?? ones;
  const dilations = n.integers("dilations") ?? ones;
  const pads = n.integers("pads") ?? [...kernel, ...kernel].map(() => 0);
  const bare = { kernel, strides, dilations, before: ones, after: ones };
  const mode = n.text("auto_pad", "NOTSET");
  const outputShape = n.integers("output_shape");
  if (mode === "VALID" && !outputShape) {
    const none = kernel.map(() => 0);
    return { ...bare, before: none, after: none };
  }
  if (mode === "NOTSET" && !outputShape) {
    return { ...bare, before: pads.slice(0, kernel.length), after: pads.slice(kernel.length) };
  }
  const extra = n.integers("output_padding") ?? kernel.map(() => 0);
  const total = kernel.map((_, i) =>
    Math.max(0, (small[i] - 1) * strides[i] + extent(bare, i) + extra[i] - large[i]),
  );
  const smaller = total.map((t) => Math.floor(t / 2));
  const larger = total.map((t) => Math.ceil(t / 2));
  return mode === "SAME_UPPER"
    ? { ...bare, before: smaller, after: larger }
    : { ...bare, before: larger, after: smaller };
}
