import { type Bitmap, blank, halve, paste } from "./bitmap.ts";

/**
 * A DeepZoom pyramid over a grid of equal square tiles, without overlap. The deepest level has one tile a cell, so the
 * same file is the cell's picture everywhere else on the page. Two levels above, cells show their faces instead; else
 * each level halves the one below, down to one pixel.
 *
 * It is built from the cells up rather than cut from one large picture: memory grows with the depth, not with the area
 * (28,416² px for 12,288 cells is 2.4 GB), tiles over empty cells are left out, and the bytes depend on the cells alone.
 */
export interface Pyramid {
  readonly columns: number;
  readonly rows: number;
  readonly tileSize: number;
}

export function levelCount({ columns, rows, tileSize }: Pyramid): number {
  return Math.ceil(Math.log2(Math.max(columns, rows) * tileSize)) + 1;
}

/** The `.dzi` file, as Microsoft's schema of 2008 has it. */
export function dziXml({ columns, rows, tileSize }: Pyramid, format: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="${format}" Overlap="0" TileSize="${tileSize}">
  <Size Width="${columns * tileSize}" Height="${rows * tileSize}"/>
</Image>
`;
}

export interface PyramidTiles {
  /** The picture of a cell of the deepest level, `tileSize` square; undefined where the cell is empty. */
  leaf(column: number, row: number): Promise<Bitmap | undefined>;
  /** A cell as it looks from afar: a quarter of its edge, and smaller on all levels above. */
  face(column: number, row: number): Promise<Bitmap | undefined>;
  /** Takes each finished tile above the deepest level; tiles at the right and lower edges may be smaller. */
  write(level: number, column: number, row: number, tile: Bitmap): Promise<void>;
}

/** From tiles of this many cells a side on, cells show their faces: a collage would be a blur. */
const faceSpan = 4;

export async function buildPyramid(pyramid: Pyramid, tiles: PyramidTiles): Promise<void> {
  const { columns, rows, tileSize } = pyramid;
  const deepest = levelCount(pyramid) - 1;
  const single = deepest - Math.ceil(Math.log2(Math.max(columns, rows)));

  async function build(level: number, column: number, row: number): Promise<Bitmap | undefined> {
    const span = 2 ** (deepest - level);
    if (column * span >= columns || row * span >= rows) return undefined;
    if (level === deepest) return tiles.leaf(column, row);
    const corners = [0, 1, 2, 3].map((i) => ({ dx: i % 2, dy: i >> 1 }));
    const part = ({ dx, dy }: { dx: number; dy: number }) => build(level + 1, 2 * column + dx, 2 * row + dy);
    const parts: (Bitmap | undefined)[] = [];
    // At once where it is about a few cells, one after another above, to bound memory.
    if (span <= faceSpan) parts.push(...(await Promise.all(corners.map(part))));
    else for (const corner of corners) parts.push(await part(corner));
    if (!parts.some(Boolean)) return undefined;

    const width = Math.min(tileSize, Math.ceil((columns * tileSize) / span) - column * tileSize);
    const height = Math.min(tileSize, Math.ceil((rows * tileSize) / span) - row * tileSize);
    const tile = blank(width, height);
    if (span === faceSpan) {
      await pasteFaces(tile, column * span, row * span);
    } else {
      for (const [i, { dx, dy }] of corners.entries()) {
        const below = parts[i];
        if (below) paste(tile, halve(below), (dx * tileSize) / 2, (dy * tileSize) / 2);
      }
    }
    await tiles.write(level, column, row, tile);
    return tile;
  }

  async function pasteFaces(tile: Bitmap, firstColumn: number, firstRow: number): Promise<void> {
    const size = tileSize / faceSpan;
    for (let row = 0; row < Math.min(faceSpan, rows - firstRow); row++) {
      for (let column = 0; column < Math.min(faceSpan, columns - firstColumn); column++) {
        const face = await tiles.face(firstColumn + column, firstRow + row);
        if (face) paste(tile, face, column * size, row * size);
      }
    }
  }

  let top = await build(single, 0, 0);
  for (let level = single - 1; top && level >= 0; level--) {
    top = halve(top);
    await tiles.write(level, 0, 0, top);
  }
}
