/** Images of a source as the encoder sees them, before they are numbers. */

import {
  fitPicture,
  ImageError,
  type ImageSource,
  inputLength,
  type Picture,
  type Preprocessing,
  wantedSide,
} from "@optogram/images";

/** Bytes that may be held, so that small sets are drawn or decoded once. */
const mostHeld = 2 ** 28;

export interface SeenPictures {
  /**
   * Image `list[at]`, or the next in the list that can be read.
   * @throws ImageError where none can
   */
  readFrom(list: readonly number[], at: number): Promise<Picture>;
}

/** `note` is told once of each image that cannot be read. */
export function seenPictures(
  source: ImageSource,
  preprocessing: Preprocessing,
  note: (line: string) => void,
): SeenPictures {
  const holds = source.length * inputLength(preprocessing) <= mostHeld;
  const held = new Map<number, Promise<Picture>>();
  const noted = new Set<number>();
  const fresh = async (image: number) => {
    const { width, height, data } = fitPicture(
      await source.read(image, wantedSide(preprocessing)),
      preprocessing,
    );
    return { width, height, data };
  };
  const read = (image: number): Promise<Picture> => {
    const picture = held.get(image) ?? fresh(image);
    if (holds) held.set(image, picture);
    return picture;
  };
  const attempt = async (image: number): Promise<Picture | ImageError> => {
    try {
      return await read(image);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (!noted.has(image)) note(`${error.message}; another is taken in its place`);
      noted.add(image);
      return error;
    }
  };
  return {
    async readFrom(list, at) {
      let result = await attempt(list[at]);
      for (let next = 1; result instanceof ImageError && next < list.length; next++)
        result = await attempt(list[(at + next) % list.length]);
      if (result instanceof ImageError) throw result;
      return result;
    },
  };
}
