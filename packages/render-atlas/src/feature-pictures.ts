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
  /** Its face, small, with a rim of a pixel. */
  readonly face: Bitmap;
}

/**
 * Draws a feature's sheet, tile and face.
 * @param top images, strongest first
 * @param face what stands for the feature where there is no room for more
 * @param drawn the picture drawn of the feature, which fills its tile instead of top images
 */
export async function drawFeature(
  top: readonly number[],
  pictures: SquarePictures,
  face?: Bitmap,
  drawn?: Bitmap,
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
  const onTile = drawn ? [drawn] : squares;
  const places = tileSquares(onTile.length);
  const parts = await Promise.all(places.map(({ size }, rank) => squareOf(onTile[rank]!, size)));
  for (const [rank, { x, y }] of places.entries()) paste(tile, parts[rank]!, x, y);
  const small = blank(faceSize, faceSize);
  if (face) paste(small, await squareOf(face, faceSize - 2), 1, 1);
  return { sheet: whole, tile, face: small };
}
