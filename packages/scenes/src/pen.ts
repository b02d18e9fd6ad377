import { dark, type Hex, light } from "./colour.ts";
import { type Affine, affineOf, apply, compose, identity, type Point, type Pose } from "./geometry.ts";

/** A gradient over the shape's own bounding box, 0..1 in both directions. */
export interface Gradient {
  /** `linear`: from (x1, y1) to (x2, y2); `radial`: centre (x1, y1), radius x2. */
  readonly type: "linear" | "radial";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Offset, colour, opacity. */
  readonly stops: readonly (readonly [number, Hex, number])[];
}

export type Paint = Hex | Gradient;

interface Look {
  readonly fill?: Paint;
  readonly stroke?: Paint;
  readonly strokeWidth?: number;
  readonly opacity?: number;
  /** Lies within the silhouette of the rest: masks need not draw it, nor pictures where it is too small to be seen. */
  readonly inner?: boolean;
}

/** Shapes as data, so that one list serves the picture, the box and the mask. */
export type Shape = Look &
  (
    | { readonly type: "path" /** Absolute M, L, Q, C and Z only. */; readonly d: string }
    | {
        readonly type: "ellipse";
        readonly cx: number;
        readonly cy: number;
        readonly rx: number;
        readonly ry: number;
        readonly angle: number;
      }
  );

export type Extras = Pick<Look, "opacity" | "inner">;

/** Collects shapes; `at` draws a part in coordinates of its own. */
export class Pen {
  readonly shapes: Shape[] = [];
  private frame: Affine = identity;

  /** A filled path of absolute M, L, Q, C and Z. */
  path(d: string, fill: Paint, extras: Extras = {}): void {
    this.shapes.push({ type: "path", d: mapPath(d, this.frame), fill, ...extras });
  }

  /** A stroke with round ends. */
  line(d: string, stroke: Paint, width: number, extras: Extras = {}): void {
    const strokeWidth = width * scaleOf(this.frame);
    this.shapes.push({ type: "path", d: mapPath(d, this.frame), stroke, strokeWidth, ...extras });
  }

  ellipse(
    cx: number,
    cy: number,
    rx: number,
    ry: number,
    fill: Paint,
    extras: Extras & { angle?: number } = {},
  ) {
    const [x, y] = apply(this.frame, [cx, cy]);
    const scale = scaleOf(this.frame);
    const { angle = 0, ...look } = extras;
    const [a, b, c, d] = this.frame;
    const turn = (Math.atan2(b, a) * 180) / Math.PI;
    const mirrored = a * d - b * c < 0;
    this.shapes.push({
      type: "ellipse",
      cx: x,
      cy: y,
      rx: rx * scale,
      ry: ry * scale,
      angle: mirrored ? turn + 180 - angle : turn + angle,
      fill,
      ...look,
    });
  }

  /** A ring: an ellipse that is only stroked. */
  ring(cx: number, cy: number, r: number, stroke: Paint, width: number, extras: Extras = {}): void {
    const k = r * 0.5523;
    this.line(
      `M${cx - r} ${cy}C${cx - r} ${cy - k} ${cx - k} ${cy - r} ${cx} ${cy - r}C${cx + k} ${cy - r} ${cx + r} ${cy - k} ${cx + r} ${cy}C${cx + r} ${cy + k} ${cx + k} ${cy + r} ${cx} ${cy + r}C${cx - k} ${cy + r} ${cx - r} ${cy + k} ${cx - r} ${cy}Z`,
      stroke,
      width,
      extras,
    );
  }

  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    fill: Paint,
    extras: Extras & { round?: number } = {},
  ) {
    const { round = 0, ...look } = extras;
    const r = Math.min(round, width / 2, height / 2);
    const right = x + width;
    const bottom = y + height;
    const d = r
      ? `M${x + r} ${y}L${right - r} ${y}Q${right} ${y} ${right} ${y + r}L${right} ${bottom - r}Q${right} ${bottom} ${right - r} ${bottom}L${x + r} ${bottom}Q${x} ${bottom} ${x} ${bottom - r}L${x} ${y + r}Q${x} ${y} ${x + r} ${y}Z`
      : `M${x} ${y}L${right} ${y}L${right} ${bottom}L${x} ${bottom}Z`;
    this.path(d, fill, look);
  }

  polygon(points: readonly Point[], fill: Paint, extras: Extras = {}): void {
    this.path(`M${points.map(([x, y]) => `${x} ${y}`).join("L")}Z`, fill, extras);
  }

  /** A closed smooth outline through points. */
  blob(points: readonly Point[], fill: Paint, extras: Extras = {}): void {
    this.path(smoothPath(points), fill, extras);
  }

  /** Draws a part moved, turned, scaled or mirrored. */
  at(pose: Pose, draw: () => void): void {
    const outer = this.frame;
    this.frame = compose(outer, affineOf(pose));
    draw();
    this.frame = outer;
  }
}

/** A closed Catmull–Rom spline through points, as cubic curves. */
export function smoothPath(points: readonly Point[]): string {
  const n = points.length;
  const p = (i: number) => points[(i + n) % n] as Point;
  let d = `M${p(0)[0]} ${p(0)[1]}`;
  for (let i = 0; i < n; i++) {
    const [x0, y0] = p(i - 1);
    const [x1, y1] = p(i);
    const [x2, y2] = p(i + 1);
    const [x3, y3] = p(i + 2);
    d += `C${x1 + (x2 - x0) / 6} ${y1 + (y2 - y0) / 6} ${x2 - (x3 - x1) / 6} ${y2 - (y3 - y1) / 6} ${x2} ${y2}`;
  }
  return `${d}Z`;
}

/** An outline from its right half, given from top to bottom with both ends on the axis x = 0. */
export function mirrored(half: readonly Point[]): Point[] {
  const left = half.slice(1, -1).map(([x, y]): Point => [-x, y]);
  return [...half, ...left.reverse()];
}

/** Top to bottom, evenly spaced. */
export function down(...colours: readonly Hex[]): Gradient {
  return { type: "linear", x1: 0, y1: 0, x2: 0, y2: 1, stops: even(colours) };
}

/** Left to right, evenly spaced. */
export function across(...colours: readonly Hex[]): Gradient {
  return { type: "linear", x1: 0, y1: 0, x2: 1, y2: 0, stops: even(colours) };
}

/** From the lit upper left to the lower right. */
export function slope(...colours: readonly Hex[]): Gradient {
  return { type: "linear", x1: 0.1, y1: 0, x2: 0.8, y2: 1, stops: even(colours) };
}

/** From the centre outwards. */
export function glow(...stops: readonly (readonly [number, Hex, number])[]): Gradient {
  return { type: "radial", x1: 0.5, y1: 0.5, x2: 0.5, y2: 0, stops };
}

/** A round body lit from the upper left. */
export function round(colour: Hex, contrast = 1): Gradient {
  return {
    type: "radial",
    x1: 0.36,
    y1: 0.3,
    x2: 0.75,
    y2: 0,
    stops: [
      [0, light(colour, 0.42 * contrast), 1],
      [0.45, colour, 1],
      [1, dark(colour, 0.42 * contrast), 1],
    ],
  };
}

/** An upright cylinder lit from the left. */
export function tube(colour: Hex): Gradient {
  return across(dark(colour, 0.16), light(colour, 0.3), colour, dark(colour, 0.36));
}

function even(colours: readonly Hex[]): Gradient["stops"] {
  return colours.map((colour, i) => [i / Math.max(1, colours.length - 1), colour, 1] as const);
}

function scaleOf([a, b]: Affine): number {
  return Math.hypot(a, b);
}

function mapPath(d: string, frame: Affine): string {
  if (frame === identity) return d;
  let mapped = "";
  for (const [, command, numbers] of d.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    const values = (numbers as string).match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
    mapped += command;
    for (let i = 0; i < values.length; i += 2) {
      const [x, y] = apply(frame, [values[i] as number, values[i + 1] as number]);
      mapped += `${i ? " " : ""}${x} ${y}`;
    }
  }
  return mapped;
}

/** Points around a shape, close enough to bound it (ellipses: within 1 % of the radius). */
export function outlineOf(shape: Shape): Point[] {
  if (shape.type === "ellipse") {
    const frame = affineOf({ x: shape.cx, y: shape.cy, angle: shape.angle });
    return Array.from({ length: 24 }, (_, i) => {
      const t = (i / 24) * 2 * Math.PI;
      return apply(frame, [shape.rx * Math.cos(t), shape.ry * Math.sin(t)]);
    });
  }
  const points: Point[] = [];
  let [x, y] = [0, 0];
  for (const [, command, numbers] of shape.d.matchAll(/([MLQC])([^MLQCZ]*)/g)) {
    const v = (numbers as string).match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
    const stride = command === "C" ? 6 : command === "Q" ? 4 : 2;
    for (let i = 0; i + stride <= v.length; i += stride) {
      const [p, q, r, s] = [v[i], v[i + 1], v[i + 2], v[i + 3]] as [number, number, number, number];
      const [endX, endY] = [v[i + stride - 2], v[i + stride - 1]] as [number, number];
      if (stride > 2) {
        for (const t of [0.2, 0.4, 0.6, 0.8]) {
          const u = 1 - t;
          if (stride === 4)
            points.push([u * u * x + 2 * u * t * p + t * t * r, u * u * y + 2 * u * t * q + t * t * s]);
          else
            points.push([
              u ** 3 * x + 3 * u * u * t * p + 3 * u * t * t * r + t ** 3 * endX,
              u ** 3 * y + 3 * u * u * t * q + 3 * u * t * t * s + t ** 3 * endY,
            ]);
        }
      }
      points.push([endX, endY]);
      [x, y] = [endX, endY];
    }
  }
  if (!shape.stroke) return points;
  const half = (shape.strokeWidth ?? 0) / 2;
  return points.flatMap(([px, py]): Point[] => [
    [px - half, py - half],
    [px + half, py - half],
    [px + half, py + half],
    [px - half, py + half],
  ]);
}
