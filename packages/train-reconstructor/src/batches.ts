/** Pictures with the tokens that a frozen encoder has of them. */

import { float32, type Tensor } from "@optogram/onnx";
import { type Colours, normalised, planesOf, sized, type TokenReader } from "@optogram/reconstruction";
import { stacked } from "@optogram/statistics";
import type { SeenPictures } from "./pictures.ts";

/** How images come to the network. */
export interface Sight {
  readonly pictures: SeenPictures;
  readonly reader: TokenReader;
  /** [height, width] of what is painted. */
  readonly size: readonly [number, number];
  readonly colours: Colours;
}

/** `tokens` [b, n, d] and normalised `pictures` [b, 3, height, width]. */
export type Batch = Readonly<Record<"tokens" | "pictures", Tensor>>;

/** The images `list[at]` of a step, for each of its `at`. */
export async function batchOf(
  { pictures, reader, size, colours }: Sight,
  list: readonly number[],
  chosen: readonly number[],
): Promise<Batch> {
  const seen = await Promise.all(chosen.map((at) => pictures.readFrom(list, at)));
  const wanted = stacked(seen.map((picture) => planesOf(sized(picture, size))));
  const tokens = await reader.tokens(stacked(seen.map(planesOf)));
  const [rows, columns] = reader.grid;
  return {
    tokens: float32(tokens, [seen.length, rows * columns, reader.width]),
    pictures: float32(normalised(wanted, size[0] * size[1], colours), [seen.length, 3, ...size]),
  };
}
