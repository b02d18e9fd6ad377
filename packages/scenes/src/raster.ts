import sharp from "sharp";
import type { ColourName } from "./colour.ts";
import type { Scene, SceneObject } from "./compose.ts";
import { identity } from "./geometry.ts";
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
  const shadow = glow([0, "#14102a", 0.5], [0.6, "#14102a", 0.28], [1, "#14102a", 0]);
  let body = writer.shapes(scene.backdrop);
  for (const { thing, transform, contact } of scene.objects) {
    if (contact) {
      const { x, y, width } = contact;
      body += writer.shapes([
        {
          type: "ellipse",
          cx: x + width * 0.05,
          cy: y - width * 0.015,
          rx: width * 0.56,
          ry: width * 0.1,
          angle: 0,
          fill: shadow,
        },
      ]);
    }
    body += writer.thing(thing, transform);
  }
  if (scene.sunset) body += `<path d="M0 0L100 0L100 100L0 100Z" fill="#ff8a4a" opacity="0.1"/>`;
  else if (scene.background === "night" || scene.background === "underwater")
    body += `<path d="M0 0L100 0L100 100L0 100Z" fill="${scene.background === "night" ? "#2a3aa0" : "#1a8fb8"}" opacity="0.1"/>`;
  return frame(size, writer.defs() + body);
}

/** The scene's pixels: RGB, rows from the top, `size * size * 3` bytes. */
export async function rasterScene(scene: Scene, size: number): Promise<Uint8Array> {
  return pixels(scaledSvg(scene, checked(size)));
}

/** Which object is seen at each pixel: 0 for the background, i + 1 for `objects[i]`; `size * size` bytes. */
export async function sceneMask(scene: Scene, size: number): Promise<Uint8Array> {
  const writer = new SvgWriter();
  const flats = scene.objects.map(({ thing, transform }, i) => {
    const byte = (i + 1).toString(16).padStart(2, "0");
    return writer.thing(thing, transform, `#${byte}${byte}${byte}`);
  });
  const body = `<path d="M0 0L100 0L100 100L0 100Z" fill="#000000"/><g shape-rendering="crispEdges">${flats.join("")}</g>`;
  const rgb = await pixels(frame(checked(size), writer.defs() + body));
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) => rgb[3 * i] as number);
}

/** The share of the frame in which each object is seen. */
export function coverage(mask: Uint8Array, objects: readonly SceneObject[]): Float32Array {
  const shares = new Float32Array(objects.length);
  for (const label of mask) if (label > 0) shares[label - 1] = (shares[label - 1] as number) + 1;
  return shares.map((count) => count / mask.length);
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

function frame(size: number | undefined, content: string): string {
  const measure = size === undefined ? "" : ` width="${short(size)}" height="${short(size)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg"${measure} viewBox="0 0 100 100" ${roundStrokes}>${content}</svg>`;
}

async function pixels(svg: string): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function checked(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > 8192)
    throw new RangeError(`size is a whole number of pixels from 1 to 8192, not ${size}`);
  return size;
}
