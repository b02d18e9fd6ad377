import { type Affine, compose, type Point } from "./geometry.ts";
import type { Paint, Shape } from "./pen.ts";
import type { HalfPlane, Thing } from "./thing.ts";

/** Writes shapes as SVG, each gradient and clip once. */
export class SvgWriter {
  private readonly definitions = new Map<string, string>();
  private readonly pixel: number;
  private readonly prefix: string;

  /**
   * `pixel`: the width of one in the frame's units, 0 if not known. What is too small to be seen at that size is
   * left out: details thinner than 0.6 pixels, and gradients on things narrower than 20.
   * `prefix`: what ids start with, for fragments that share a document.
   */
  constructor(pixel = 0, prefix = "d") {
    this.pixel = pixel;
    this.prefix = prefix;
  }

  /** Shapes as they are, in the frame's units. */
  shapes(shapes: readonly Shape[]): string {
    const seen = shapes.filter((shape) => thickness(shape) >= 0.6 * this.pixel);
    return seen.map((shape) => this.shape(shape)).join("");
  }

  /** A thing moved by `transform`; in one `flat` colour, only what makes its silhouette. */
  thing(thing: Thing, transform: Affine, flat?: string): string {
    const pixel = this.pixel / Math.hypot(transform[0], transform[1]);
    const plain = 20 * pixel > 100;
    const layers = thing.layers.map((layer) => {
      const shapes = layer.shapes.filter(
        (shape) => !shape.inner || (!flat && thickness(shape) >= 0.6 * pixel),
      );
      const colour = flat ?? layer.flat;
      const body = shapes.map((shape) => this.shape(plain ? flattened(shape) : shape, colour)).join("");
      const clipped = layer.clip ? `<g clip-path="url(#${this.clip(layer.clip)})">${body}</g>` : body;
      return `<g transform="${matrix(compose(transform, layer.transform))}">${clipped}</g>`;
    });
    return layers.join("");
  }

  defs(): string {
    const parts = [...this.definitions].map(([body, id]) => body.replace(" ", ` id="${id}" `));
    return parts.length ? `<defs>${parts.join("")}</defs>` : "";
  }

  private shape(shape: Shape, flat?: string): string {
    const fill = shape.fill ? (flat ?? this.paint(shape.fill)) : "none";
    // Not plain `opacity`, which makes the renderer draw each shape on a surface of its own.
    const through = shape.opacity !== undefined && !flat ? shape.opacity : undefined;
    const opacity = through === undefined ? "" : ` ${shape.stroke ? "stroke" : "fill"}-opacity="${through}"`;
    if (shape.type === "ellipse") {
      const { cx, cy, rx, ry, angle } = shape;
      const turn =
        angle % 180 && Math.abs(rx - ry) > 1e-6
          ? ` transform="rotate(${short(angle)} ${short(cx)} ${short(cy)})"`
          : "";
      return `<ellipse cx="${short(cx)}" cy="${short(cy)}" rx="${short(rx)}" ry="${short(ry)}" fill="${fill}"${opacity}${turn}/>`;
    }
    const stroke = shape.stroke
      ? ` stroke="${flat ?? this.paint(shape.stroke)}" stroke-width="${short(shape.strokeWidth ?? 1)}"`
      : "";
    return `<path d="${shape.d.replace(/-?\d+\.?\d*(?:e-?\d+)?/g, (number) => short(Number(number)))}" fill="${fill}"${stroke}${opacity}/>`;
  }

  private paint(paint: Paint): string {
    if (typeof paint === "string") return paint;
    const stops = paint.stops
      .map(
        ([offset, colour, opacity]) =>
          `<stop offset="${short(offset)}" stop-color="${colour}"${opacity < 1 ? ` stop-opacity="${opacity}"` : ""}/>`,
      )
      .join("");
    const body =
      paint.type === "linear"
        ? `<linearGradient x1="${paint.x1}" y1="${paint.y1}" x2="${paint.x2}" y2="${paint.y2}">${stops}</linearGradient>`
        : `<radialGradient cx="${paint.x1}" cy="${paint.y1}" r="${paint.x2}">${stops}</radialGradient>`;
    return `url(#${this.define(body)})`;
  }

  private clip({ at, normal }: HalfPlane): string {
    const [nx, ny] = normal;
    const far = 400;
    const corner = (along: number, across: number): Point => [
      at[0] + nx * along - ny * across,
      at[1] + ny * along + nx * across,
    ];
    const points = [corner(0, -far), corner(0, far), corner(-far, far), corner(-far, -far)];
    return this.define(
      `<clipPath ><path d="M${points.map((p) => p.map(short).join(" ")).join("L")}Z"/></clipPath>`,
    );
  }

  private define(body: string): string {
    const known = this.definitions.get(body);
    if (known) return known;
    const id = `${this.prefix}${this.definitions.size}`;
    this.definitions.set(body, id);
    return id;
  }
}

export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function matrix(transform: Affine): string {
  return `matrix(${transform.map((value) => Math.round(value * 1e4) / 1e4).join(" ")})`;
}

/** With its opaque gradients replaced by the colour in their middle. */
function flattened(shape: Shape): Shape {
  const middle = (paint: Paint) => {
    if (typeof paint === "string" || paint.stops.some(([, , opacity]) => opacity < 1)) return paint;
    return paint.stops[Math.floor((paint.stops.length - 1) / 2)]?.[1] ?? paint;
  };
  if (shape.fill) return { ...shape, fill: middle(shape.fill) };
  return shape.stroke ? { ...shape, stroke: middle(shape.stroke) } : shape;
}

/** The smaller extent of what is easily measured; filled paths count as large. */
function thickness(shape: Shape): number {
  if (shape.type === "ellipse") return 2 * Math.min(shape.rx, shape.ry);
  return shape.fill ? Infinity : (shape.strokeWidth ?? 0);
}
