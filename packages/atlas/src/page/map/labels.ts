/** A label in the plane: its anchor in grid columns and rows, its size on screen in pixels, its rank by weight. */
export interface PlaneLabel {
  readonly text: string;
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly weight: number;
}

export interface PlacedLabel extends PlaneLabel {
  /** Pixels per column from which on the label clears every weightier one. */
  readonly appears: number;
}

const gap = 8;

/**
 * Decides once, for all zooms, from which scale on each label shows: two labels at distance (dx, dy) columns clear one
 * another from min(width / dx, height / dy) pixels a column on. So labels only ever appear as one comes closer, and
 * panning changes nothing.
 */
export function placeLabels(labels: readonly PlaneLabel[]): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const label of [...labels].sort((a, b) => b.weight - a.weight)) {
    let appears = 0;
    for (const other of placed) appears = Math.max(appears, clearance(label, other));
    placed.push({ ...label, appears });
  }
  return placed;
}

function clearance(a: PlaneLabel, b: PlaneLabel): number {
  const across = ((a.width + b.width) / 2 + gap) / Math.abs(a.column - b.column);
  const down = ((a.height + b.height) / 2 + gap) / Math.abs(a.row - b.row);
  return Math.min(across, down);
}

/** How visible a label is at a scale in pixels per column: fades in as it clears its neighbours, out once pictures speak for themselves. */
export function labelOpacity(appears: number, scale: number): number {
  return (
    smoothstep(appears, appears * 1.2, scale) *
    (1 - smoothstep(pictureScale * 0.75, pictureScale * 1.1, scale))
  );
}

/** Pixels per column at which a tile is read as a picture and carries its own caption. */
export const pictureScale = 120;

export function smoothstep(from: number, to: number, value: number): number {
  if (to <= from) return value >= from ? 1 : 0;
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
