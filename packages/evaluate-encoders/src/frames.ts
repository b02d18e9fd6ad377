/** The images as everything here sees them: squares of one side, whole. */

import {
  fitPicture,
  ImageError,
  type ImageSource,
  type Picture,
  preprocessingSchema,
} from "@optogram/images";

/** Bytes that may be held, so that small sets are drawn or decoded once. */
const mostHeld = 2 ** 28;

export interface Frames {
  /** In pixels. */
  readonly side: number;
  /** @throws ImageError where it cannot be read */
  read(position: number): Promise<Picture>;
}

/** Each image's middle square at `side`. */
export function framesOf(source: ImageSource, side: number, count: number): Frames {
  const square = preprocessingSchema.parse({ size: side, mean: [0, 0, 0], std: [1, 1, 1] });
  const holds = count * 3 * side * side <= mostHeld;
  const held = new Map<number, Promise<Picture>>();
  const fresh = async (position: number) => {
    const { width, height, data } = fitPicture(await source.read(position, side), square);
    return { width, height, data };
  };
  return {
    side,
    read(position) {
      const picture = held.get(position) ?? fresh(position);
      if (holds) held.set(position, picture);
      return picture;
    },
  };
}

/** Those positions whose image can be read; `note` is told of each other. */
export async function readable(
  frames: Frames,
  positions: readonly number[],
  look: (frame: Picture) => Promise<void>,
  note: (line: string) => void,
): Promise<number[]> {
  const found: number[] = [];
  for (const position of positions) {
    let frame: Picture;
    try {
      frame = await frames.read(position);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      note(`${error.message}; it is left out`);
      continue;
    }
    await look(frame);
    found.push(position);
  }
  return found;
}

/** Luma of ITU-R BT.601 in every channel. */
export function grey(picture: Picture): Picture {
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, blue] = picture.data.subarray(i, i + 3);
    data.fill(Math.round(0.2989 * red + 0.587 * green + 0.114 * blue), i, i + 3);
  }
  return { ...picture, data };
}
