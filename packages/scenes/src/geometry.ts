/** A point: x to the right, y downwards. */
export type Point = readonly [number, number];

/** x' = a x + c y + e, y' = b x + d y + f, in SVG's order. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const identity: Affine = [1, 0, 0, 1, 0, 0];

export interface Pose {
  readonly x?: number;
  readonly y?: number;
  /** Degrees, clockwise. */
  readonly angle?: number;
  readonly scale?: number;
  /** Mirror left and right before everything else. */
  readonly flip?: boolean;
}

/** Flip, scale, turn, then move. */
export function affineOf({ x = 0, y = 0, angle = 0, scale = 1, flip = false }: Pose): Affine {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians) * scale;
  const sin = Math.sin(radians) * scale;
  const sign = flip ? -1 : 1;
  return [cos * sign, sin * sign, -sin, cos, x, y];
}

/** The map that applies `inner` first. */
export function compose(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

export function apply([a, b, c, d, e, f]: Affine, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The smallest box around points; `undefined` for none. */
export function boxOf(points: Iterable<Point>): Box | undefined {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return left <= right ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

/** What two boxes share, as an area. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The part of a convex or concave outline on the side of the line where (p - at)·normal <= 0 (Sutherland–Hodgman). */
export function clipOutline(outline: readonly Point[], at: Point, normal: Point): Point[] {
  const side = ([x, y]: Point) => (x - at[0]) * normal[0] + (y - at[1]) * normal[1];
  const kept: Point[] = [];
  for (let i = 0; i < outline.length; i++) {
    const from = outline[i] as Point;
    const to = outline[(i + 1) % outline.length] as Point;
    const a = side(from);
    const b = side(to);
    if (a <= 0) kept.push(from);
    if (a < 0 !== b < 0 && a !== b) {
      const t = a / (a - b);
      kept.push([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t]);
    }
  }
  return kept;
}
