/** Tokens of pictures before and after a change. */

import { stacked } from "@optogram/statistics";
import { asIs, type Change, mirrorTokens, type PixelMap } from "./changes.ts";

/** The part of a reconstructor that reads. */
export interface Reader {
  /** [height, width] of the encoder's input. */
  readonly input: readonly [number, number];
  /** [rows, columns] of tokens. */
  readonly grid: readonly [number, number];
  /** Numbers of a token. */
  readonly width: number;
  /** Pictures [n, 3, ...input] in 0..1 → tokens [n, rows · columns, width] of any length. */
  tokens(pictures: Float32Array): Promise<Float32Array>;
}

export interface Pair {
  /** Of `from`, [n · tokens, width], at unit norm. */
  readonly x: Float32Array;
  /** Of `to`, at the places of x: mirrored back where the change mirrors. */
  readonly y: Float32Array;
}

/**
 * The token pairs of pictures (planes as the encoder sees them) for any change. What several changes have in common
 * goes through the encoder once.
 */
export function pairReader(
  reader: Reader,
  pictures: readonly Float32Array[],
): (change: Change) => Promise<Pair> {
  const { input, grid, width } = reader;
  const seen = stacked(pictures);
  const plain = once(async () => unitTokens(await reader.tokens(seen), width));
  const tokensOf = async (map: PixelMap) => {
    if (map === asIs) return await plain();
    return unitTokens(await reader.tokens(stacked(pictures.map((picture) => map(picture, input[1])))), width);
  };
  return async (change) => {
    const x = await tokensOf(change.from);
    return { x, y: placed(change, await tokensOf(change.to), grid[1], width) };
  };
}

/** Tokens from the places that they have after a change to those before it, or back: it is the same. */
export function placed(change: Change, tokens: Float32Array, columns: number, width: number): Float32Array {
  return change.mirrored ? mirrorTokens(tokens, columns, width) : tokens;
}

/** Rows of `width` at unit norm; rows of zeros stay. */
function unitTokens(tokens: Float32Array, width: number): Float32Array {
  const result = new Float32Array(tokens.length);
  for (let at = 0; at < tokens.length; at += width) {
    let squares = 0;
    for (let i = at; i < at + width; i++) squares += tokens[i] * tokens[i];
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = at; i < at + width; i++) result[i] = factor * tokens[i];
  }
  return result;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
