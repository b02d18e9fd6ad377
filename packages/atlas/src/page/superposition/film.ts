import type { SiteSuperposition } from "@optogram/render-atlas/site";
import { once, PageError } from "../data/load.ts";
import { number, type Row, readWhole } from "../data/tables.ts";

export const classes = 10;

/** What the network makes of the shown digits after one step. */
export interface Frame {
  readonly step: number;
  readonly loss: number;
  /** Share of the shown digits that it tells apart. */
  readonly accuracy: number;
  /** [2 · points]: x and y, y upwards. */
  readonly position: Float32Array;
  /** [20]: x and y of each class's direction, length 1. */
  readonly direction: readonly number[];
  /** How far from the centre the view reaches: as far as points have come until now, but for the outermost few. */
  readonly extent: number;
}

export interface Film {
  readonly frames: readonly Frame[];
  /** By point: its class. */
  readonly labels: readonly number[];
  /** By class: its place around the circle at the end, from 0 to 9. */
  readonly order: readonly number[];
  /** A bearing between two classes' directions at the end, in radians. */
  readonly gap: number;
}

export function loadFilm(site: SiteSuperposition): Promise<Film> {
  return once("superposition", async () => {
    const [frames, points] = await Promise.all([readWhole(site.frames), readWhole(site.points)]);
    return assembleFilm(
      frames,
      points.map((row) => number(row, "label")),
    );
  });
}

/** Adds up the moves, which are told as signed bytes in units of each frame's scale. */
export function assembleFilm(rows: readonly Row[], labels: readonly number[]): Film {
  const at = new Float64Array(2 * labels.length);
  let extent = 0;
  const frames = rows.map((row): Frame => {
    const { moves, direction } = row as { moves: Uint8Array; direction: readonly number[] };
    if (moves.length !== at.length)
      throw new PageError("The frames of the superposition do not fit its points. Render the atlas again.");
    const units = new Int8Array(moves.buffer, moves.byteOffset, moves.length);
    const scale = number(row, "scale");
    for (let i = 0; i < at.length; i++) at[i]! += units[i]! * scale;
    const position = Float32Array.from(at);
    extent = Math.max(extent, outer(position));
    return {
      step: number(row, "step"),
      loss: number(row, "loss"),
      accuracy: number(row, "accuracy"),
      position,
      direction,
      extent,
    };
  });
  const last = frames.at(-1);
  if (!last) throw new PageError("The superposition holds no frames. Render the atlas again.");
  return {
    frames,
    labels,
    ...around(last.direction),
  };
}

/** The distance from the centre that 99 % of points keep. */
function outer(position: Float32Array): number {
  const lengths = Float32Array.from({ length: position.length / 2 }, (_, i) =>
    Math.hypot(position[2 * i]!, position[2 * i + 1]!),
  ).sort();
  return lengths[Math.floor(0.99 * (lengths.length - 1))] || 1;
}

function around(direction: readonly number[]): Pick<Film, "order" | "gap"> {
  const bearings = Array.from({ length: classes }, (_, c) =>
    Math.atan2(direction[2 * c + 1]!, direction[2 * c]!),
  );
  const sorted = bearings.toSorted((a, b) => a - b);
  return { order: bearings.map((bearing) => sorted.indexOf(bearing)), gap: (sorted[1]! + sorted[2]!) / 2 };
}

/** The class whose direction a point has most of: what the network takes it for. */
export function takenFor({ position, direction }: Frame, point: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) {
    const score = position[2 * point]! * direction[2 * c]! + position[2 * point + 1]! * direction[2 * c + 1]!;
    if (score > most) [best, most] = [c, score];
  }
  return best;
}
