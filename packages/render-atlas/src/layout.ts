/** A square of a picture, in pixels. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/**
 * A feature's sheet: 8 × 4 cells of 128 px, of which the strongest image takes 3 × 3, so that exactly 23 others fill the
 * rest. One file serves a whole feature page, at one request instead of 24.
 */
export const sheet = { columns: 8, rows: 4, hero: 3, cell: 128 } as const;

export const sheetWidth = sheet.columns * sheet.cell;
export const sheetHeight = sheet.rows * sheet.cell;
export const sheetImages = 1 + sheet.columns * sheet.rows - sheet.hero ** 2;

/** Edge of a feature's tile in pixels, which is also the pyramid's tile size. */
export const tileSize = 256;

/** Dark rim of a tile, which parts it from its neighbours on the map. */
export const tileMargin = 4;

/** Edge of a face in pixels: a feature on the level of the map where a tile covers 4 × 4 features. */
export const faceSize = tileSize / 4;

/** Where the image of a rank lies on the sheet. */
export function sheetSquare(rank: number): Square {
  const { columns, hero, cell } = sheet;
  if (rank === 0) return { x: 0, y: 0, size: hero * cell };
  const beside = (columns - hero) * hero;
  const index = rank - 1;
  const column = index < beside ? hero + (index % (columns - hero)) : (index - beside) % columns;
  const row =
    index < beside ? Math.floor(index / (columns - hero)) : hero + Math.floor((index - beside) / columns);
  return { x: column * cell, y: row * cell, size: cell };
}

/**
 * Where the strongest images lie on a feature's tile: with six, the first is four times as large as the others; with
 * fewer, four of equal size or one alone.
 */
export function tileSquares(images: number): readonly Square[] {
  const inner = tileSize - 2 * tileMargin;
  if (images >= 6) return collage(inner);
  if (images >= 4) return quarters(inner);
  return images > 0 ? [{ x: tileMargin, y: tileMargin, size: inner }] : [];
}

function collage(inner: number): Square[] {
  const small = (inner - 2) / 3;
  const at = (cell: number) => tileMargin + cell * (small + 1);
  const around: [number, number][] = [
    [2, 0],
    [2, 1],
    [0, 2],
    [1, 2],
    [2, 2],
  ];
  return [
    { x: at(0), y: at(0), size: 2 * small + 1 },
    ...around.map(([column, row]) => ({ x: at(column), y: at(row), size: small })),
  ];
}

function quarters(inner: number): Square[] {
  const size = Math.floor((inner - 1) / 2);
  return [0, 1, 2, 3].map((i) => ({
    x: tileMargin + (i % 2) * (size + 1),
    y: tileMargin + Math.floor(i / 2) * (size + 1),
    size,
  }));
}
