import sharp from "sharp";
import type { ColourName } from "./colour.ts";
import type { Scene, SceneObject } from "./compose.ts";
import { identity } from "./geometry.ts";
import type { Place } from "./kinds/kind.ts";
import { glow } from "./pen.ts";
import { SvgWriter, short } from "./svg.ts";
import { makeThing } from "./thing.ts";

// One picture is too small to share between threads, and no picture is drawn twice.
sharp.concurrency(1);
sharp.cache(false);

const roundStrokes = 'stroke-linecap="round" stroke-linejoin="round"';

/** The scene as SVG in a view box of 100 by 100; whatever shows it sets the size. */
export function sceneSvg(scene: Scene): string {
  return scaledSvg(scene, undefined);
}

function scaledSvg(scene: Scene, size: number | undefined): string {
  const writer = new SvgWriter(size === undefined ? 0 : 100 / size);
  let body = writer.shapes(scene.backdrop);
  for (const object of scene.objects) body += objectSvg(writer, object);
  body += tintSvg(scene);
  return frame(size, writer.defs() + body);
}

/** A thing and the shadow under it. */
export function objectSvg(writer: SvgWriter, { thing, transform, contact }: SceneObject): string {
  if (!contact) return writer.thing(thing, transform);
  const shadow = glow([0, "#14102a", 0.5], [0.6, "#14102a", 0.28], [1, "#14102a", 0]);
  const { x, y, width } = contact;
  const ellipse = {
    type: "ellipse",
    cx: x + width * 0.05,
    cy: y - width * 0.015,
    rx: width * 0.56,
    ry: width * 0.1,
    angle: 0,
    fill: shadow,
  } as const;
  return writer.shapes([ellipse]) + writer.thing(thing, transform);
}

/** The light of the hour and the place over everything; empty by plain day. */
export function tintSvg({ sunset, background }: Scene): string {
  const colour = sunset ? "#ff8a4a" : tints[background];
  return colour ? `<path d="M0 0L100 0L100 100L0 100Z" fill="${colour}" opacity="0.1"/>` : "";
}

const tints: Partial<Record<Place, string>> = { night: "#2a3aa0", underwater: "#1a8fb8" };

/** The scene's pixels: RGB, rows from the top, `size * size * 3` bytes. */
export async function rasterScene(scene: Scene, size: number): Promise<Uint8Array> {
  return pixels(scaledSvg(scene, checked(size)));
}

/**
 * One thing alone as an SVG fragment in its own coordinates (about 100 across, origin near its middle).
 * @throws RangeError for a kind that does not exist
 */
export function drawThing(
  kind: string,
  options: { seed: number; colour?: ColourName; sliced?: boolean },
): string {
  const writer = new SvgWriter(0, `${kind}${options.seed}-`);
  const body = writer.thing(makeThing(kind, options), identity);
  return `<g ${roundStrokes}>${writer.defs()}${body}</g>`;
}

/** An SVG document of the frame, `size` pixels wide and high. */
export function frame(size: number | undefined, content: string): string {
  const measure = size === undefined ? "" : ` width="${short(size)}" height="${short(size)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg"${measure} viewBox="0 0 100 100" ${roundStrokes}>${content}</svg>`;
}

/** An SVG document as RGB, rows from the top. */
export async function pixels(svg: string): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** An SVG document as RGBA, rows from the top. */
export async function rgba(svg: string): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** @throws RangeError for a size that no picture has */
export function checked(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > 8192)
    throw new RangeError(`size is a whole number of pixels from 1 to 8192, not ${size}`);
  return size;
}
