import type { Place } from "./draw.ts";
import { classes, type Film, type Frame } from "./film.ts";

/** Where each class's digit stands: in the direction of its mean, just beyond its outermost point. */
export function namesOf(film: Film, { position }: Frame, place: Place) {
  const sums = Array.from({ length: classes }, () => ({ count: 0, x: 0, y: 0 }));
  for (const [point, digit] of film.labels.entries()) {
    const sum = sums[digit]!;
    sum.count++;
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
  return sums.flatMap(({ count }, digit) => {
    if (count === 0) return [];
    const [ux, uy] = bearings[digit]!;
    // 14: half a digit's height from the rim.
    const out = Math.min(far[digit]! * place.scale + 16, place.size / 2 - 14);
    return [{ digit, x: place.size / 2 + out * ux, y: place.size / 2 - out * uy }];
  });
}
