import type { SiteMap } from "@optogram/render-atlas/site";

/** The visible part as a transform: a cell's left edge is at column · scale + left, in CSS pixels. */
export interface Frame {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The cell at a point of the frame, or undefined beyond the map's edge. */
export function cellAt(
  frame: Frame,
  map: SiteMap,
  x: number,
  y: number,
): { column: number; row: number } | undefined {
  const column = Math.floor((x - frame.left) / frame.scale);
  const row = Math.floor((y - frame.top) / frame.scale);
  return column >= 0 && row >= 0 && column < map.columns && row < map.rows ? { column, row } : undefined;
}

export function tileUrl(map: SiteMap, level: number, column: number, row: number): string {
  return `${map.url.replace(/\.dzi$/, "_files")}/${level}/${column}_${row}.${map.extension}`;
}

/** The deepest level that is a single tile: the whole map in one picture. */
export function overviewLevel(map: SiteMap): number {
  return map.levels - 1 - Math.ceil(Math.log2(Math.max(map.columns, map.rows)));
}

/** Whether any cell below a tile holds a feature. */
export function hasFeature(
  map: SiteMap,
  cells: Int32Array,
  level: number,
  column: number,
  row: number,
): boolean {
  const span = 2 ** (map.levels - 1 - level);
  if (level < 0 || level >= map.levels || column < 0 || row < 0) return false;
  const right = Math.min(map.columns, (column + 1) * span);
  const bottom = Math.min(map.rows, (row + 1) * span);
  for (let y = row * span; y < bottom; y++) {
    for (let x = column * span; x < right; x++) if (cells[y * map.columns + x]! >= 0) return true;
  }
  return false;
}
