/** Tensors that hold a token a patch, found by their shapes. Pure. */

import type { Graph, Node, ValueInfo } from "@optogram/onnx";
import { isFloat } from "./part.ts";

export interface TokenTensor {
  readonly tensor: string;
  /** tokens: [1, prefix + rows · columns, width]. map: [1, width, rows, columns]. */
  readonly layout: "tokens" | "map";
  readonly prefix: number;
  readonly grid: readonly [rows: number, columns: number];
  readonly width: number;
}

/** More tokens than this before the patches are something else. */
const mostPrefix = 64;
/** Fewer channels are something else than features. */
const leastWidth = 8;
/** A map's places are at least this many pixels apart. */
const leastStride = 4;

/** Side of a patch in pixels where a convolution cuts pictures into patches without overlap. */
export function patchOf(nodes: readonly Node[], weights: ShapeOf): number | undefined {
  for (const { op, inputs, attributes } of nodes) {
    if (op !== "Conv") continue;
    const kernel = weights(inputs[1] ?? "");
    const { strides } = attributes;
    if (strides?.type !== "ints" || kernel?.length !== 4) continue;
    const [stride] = strides.value;
    const square =
      strides.value.every((each) => each === stride) && kernel[2] === stride && kernel[3] === stride;
    if (square && stride !== undefined && stride >= leastStride && kernel[1] === 3) return stride;
  }
  return undefined;
}

type ShapeOf = (tensor: string) => readonly number[] | undefined;

/** What `value` may be for pictures of `size`; undefined where it is no tensor of tokens. */
export function asTokens(
  { name, dtype, shape }: ValueInfo,
  size: readonly [number, number],
  patch: number | undefined,
): TokenTensor | undefined {
  if (!isFloat(dtype) || shape === undefined || !shape.every((n) => typeof n === "number")) return undefined;
  const [, a = 0, b = 0, c = 0] = shape as readonly number[];
  if (shape.length === 4) {
    if (a < leastWidth || !isMap([b, c], size)) return undefined;
    return { tensor: name, layout: "map", prefix: 0, grid: [b, c], width: a };
  }
  if (shape.length !== 3 || b < leastWidth) return undefined;
  const grid = patch === undefined ? squareIn(a, size) : ([size[0] / patch, size[1] / patch] as const);
  if (grid === undefined) return undefined;
  const prefix = a - grid[0] * grid[1];
  if (prefix < 0 || prefix > mostPrefix || !isGrid(grid, size)) return undefined;
  return { tensor: name, layout: "tokens", prefix, grid, width: b };
}

function isGrid([rows, columns]: readonly [number, number], [height, width]: readonly [number, number]) {
  const stride = height / rows;
  return (
    rows > 1 && columns > 1 && Number.isInteger(stride) && stride >= leastStride && stride === width / columns
  );
}

/** Convolutions without padding lose some at the edges, so places need not divide pixels. */
function isMap([rows, columns]: readonly [number, number], [height, width]: readonly [number, number]) {
  const proportional = Math.abs(rows / columns - height / width) < 0.1;
  return rows > 1 && columns > 1 && height / rows >= leastStride && proportional;
}

/** The largest grid of patches among `tokens`, where nothing says how large a patch is. */
function squareIn(tokens: number, size: readonly [number, number]): readonly [number, number] | undefined {
  for (let side = Math.floor(Math.sqrt(tokens)); side > 1; side--) {
    if (tokens - side * side > mostPrefix) return undefined;
    if (isGrid([side, side], size)) return [side, side];
  }
  return undefined;
}

/**
 * What the blocks of a transformer add up to, in order: sums of two tensors that depend on the pictures (biases and
 * position embeddings do not). A block has two, one after attention and one after its hidden layer.
 */
export function residuals(
  nodes: readonly Node[],
  seeing: ReadonlySet<string>,
  tokens: ReadonlyMap<string, TokenTensor>,
): TokenTensor[] {
  const sums = nodes.flatMap(({ op, inputs, outputs }) => {
    const sum = op === "Add" ? tokens.get(outputs[0] ?? "") : undefined;
    return sum?.layout === "tokens" && inputs.every((name) => seeing.has(name)) ? [sum] : [];
  });
  return sums.filter(({ width }) => width === sums.at(-1)?.width);
}

/** The tensor after the last norm, where `tensor` goes through one at once. */
export function normed({ nodes }: Graph, tensor: string): string {
  const after = nodes.filter(({ inputs }) => inputs.includes(tensor));
  const norm = after.find(({ op }) => op === "LayerNormalization");
  return norm?.outputs[0] ?? tensor;
}
