import { type Bitmap, blank, paste } from "./bitmap.ts";
import {
  faceSize,
  sheet,
  sheetHeight,
  sheetImages,
  sheetSquare,
  sheetWidth,
  tileSize,
  tileSquares,
} from "./layout.ts";
import { type SquarePictures, squareOf } from "./pictures.ts";

export interface FeaturePictures {
  readonly sheet: Bitmap;
  readonly tile: Bitmap;
  /** Its face with a rim of a pixel. */
  readonly face: Bitmap;
}

/**
 * Draws a feature's sheet, tile and face.
 * @param top images, strongest first
 * @param face the image that stands for the feature alone
 */
export async function drawFeature(
  top: readonly number[],
  face: number | undefined,
  pictures: SquarePictures,
): Promise<FeaturePictures> {
  const shown = top.slice(0, sheetImages);
  const squares = await Promise.all(
    shown.map((image, rank) =>
      rank === 0 ? pictures.read(image, sheet.hero * sheet.cell) : pictures.get(image),
    ),
  );
  const whole = blank(sheetWidth, sheetHeight);
  for (const [rank, square] of squares.entries()) {
    const { x, y } = sheetSquare(rank);
    paste(whole, square, x, y);
  }
  const tile = blank(tileSize, tileSize);
  const places = tileSquares(squares.length);
  const parts = await Promise.all(places.map(({ size }, rank) => squareOf(squares[rank]!, size)));
  for (const [rank, { x, y }] of places.entries()) paste(tile, parts[rank]!, x, y);
  const small = blank(faceSize, faceSize);
  if (face !== undefined) paste(small, await squareOf(await pictures.get(face), faceSize - 2), 1, 1);
  return { sheet: whole, tile, face: small };
}
