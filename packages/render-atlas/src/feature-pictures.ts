import { type Bitmap, blank, paste } from "./bitmap.ts";
import { sheet, sheetHeight, sheetImages, sheetSquare, sheetWidth, tileSize, tileSquares } from "./layout.ts";
import { type SquarePictures, squareOf } from "./pictures.ts";

/** Draws a feature's sheet and tile from its top images, strongest first. */
export async function drawFeature(
  top: readonly number[],
  pictures: SquarePictures,
): Promise<{ sheet: Bitmap; tile: Bitmap }> {
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
  return { sheet: whole, tile };
}
