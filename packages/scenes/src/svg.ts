import type { Affine, Point } from "./geometry.ts";
import type { Paint, Shape } from "./pen.ts";
import type { HalfPlane, Thing } from "./thing.ts";

/** Writes shapes as SVG, each gradient and clip once. */
export class SvgWriter {
  private readonly definitions = new Map<string, string>();

  /** Shapes as they are, or all in one flat colour. */
  shapes(shapes: readonly Shape[], flat?: string): string {
    return shapes.map((shape) => this.shape(shape, flat)).join("");
  }

  /** A thing moved by `transform`; in one `flat` colour, only what makes its silhouette. */
  thing(thing: Thing, transform: Affine, flat?: string): string {
    const layers = thing.layers.map((layer) => {
      const shapes = flat ? layer.shapes.filter((shape) => !shape.inner && !shape.fine) : layer.shapes;
      const body = this.shapes(shapes, flat ?? layer.flat);
      const clipped = layer.clip ? `<g clip-path="url(#${this.clip(layer.clip)})">${body}</g>` : body;
      return `<g transform="matrix(${layer.transform.map(precise).join(" ")})">${clipped}</g>`;
    });
    return `<g transform="matrix(${transform.map(precise).join(" ")})">${layers.join("")}</g>`;
  }

  defs(): string {
    const parts = [...this.definitions].map(([body, id]) => body.replace(" ", ` id="${id}" `));
    return parts.length ? `<defs>${parts.join("")}</defs>` : "";
  }

  private shape(shape: Shape, flat: string | undefined): string {
    const fill = shape.fill ? (flat ?? this.paint(shape.fill)) : "none";
    const opacity = shape.opacity !== undefined && !flat ? ` opacity="${shape.opacity}"` : "";
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
    const id = `d${this.definitions.size}`;
    this.definitions.set(body, id);
    return id;
  }
}

export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function precise(value: number): string {
  return String(Math.round(value * 1e4) / 1e4);
}
