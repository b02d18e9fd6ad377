import type { Place } from "./draw.ts";
import { classes, type Film, type Frame, takenFor } from "./film.ts";

/** Where a class's digit stands on the canvas. */
export interface Name {
  readonly digit: number;
  readonly x: number;
  readonly y: number;
}

/** Half a digit's height and a gap. */
const beside = 16;

/** How long directions are drawn, in pixels. */
export function reachOf({ size }: Place): number {
  return size / 2 - 2 * beside;
}

/** At the tips of the directions. */
export function namesOfDirections({ direction }: Frame, place: Place): Name[] {
  const out = reachOf(place) + beside;
  return Array.from({ length: classes }, (_, digit) => ({
    digit,
    x: place.size / 2 + out * direction[2 * digit]!,
    y: place.size / 2 - out * direction[2 * digit + 1]!,
  }));
}

/** In the direction of each class's mean, just beyond its outermost point; of classes mostly recognised. */
export function namesOfPoints(film: Film, frame: Frame, place: Place): Name[] {
  const { position } = frame;
  const sums = Array.from({ length: classes }, () => ({ count: 0, right: 0, x: 0, y: 0 }));
  for (const [point, digit] of film.labels.entries()) {
    const sum = sums[digit]!;
    sum.count++;
    if (takenFor(frame, point) === digit) sum.right++;
    sum.x += position[2 * point]!;
    sum.y += position[2 * point + 1]!;
  }
  const far = new Float64Array(classes);
  const bearings = sums.map(({ x, y }) => {
    const length = Math.hypot(x, y) || 1;
    return [x / length, y / length] as const;
  });
  for (const [point, digit] of film.labels.entries()) {
    const [ux, uy] = bearings[digit]!;
    far[digit] = Math.max(far[digit]!, position[2 * point]! * ux + position[2 * point + 1]! * uy);
  }
  return sums.flatMap(({ count, right }, digit) => {
    if (2 * right <= count) return [];
    const [ux, uy] = bearings[digit]!;
    const out = Math.min(far[digit]! * place.scale, reachOf(place)) + beside;
    return [{ digit, x: place.size / 2 + out * ux, y: place.size / 2 - out * uy }];
  });
}
