import type { Scene, SceneObject } from "./compose.ts";
import { checked, frame, pixels } from "./raster.ts";
import { SvgWriter } from "./svg.ts";

/** Which object is seen at each pixel: 0 for the background, i + 1 for `objects[i]`; `size * size` bytes. */
export async function sceneMask(scene: Scene, size: number): Promise<Uint8Array> {
  const writer = new SvgWriter();
  const codes = scene.objects.map((_, i) => codeOf(i + 1));
  const flats = scene.objects.map(({ thing, transform }, i) =>
    writer.thing(thing, transform, `#${(codes[i] as number).toString(16).padStart(6, "0")}`),
  );
  const body = `<path d="M0 0L100 0L100 100L0 100Z" fill="#000000"/><g shape-rendering="crispEdges">${flats.join("")}</g>`;
  return decode(await pixels(frame(checked(size), writer.defs() + body)), size, [0, ...codes]);
}

/** The share of the frame in which each object is seen. */
export function coverage(mask: Uint8Array, objects: readonly SceneObject[]): Float32Array {
  const shares = new Float32Array(objects.length);
  for (const label of mask) if (label > 0) shares[label - 1] = (shares[label - 1] as number) + 1;
  return shares.map((count) => count / mask.length);
}

// Multipliers are odd, so that 256 labels have 256 codes, and far apart, so that a blend of two is none.
function codeOf(label: number): number {
  return (((label * 37) & 255) << 16) | (((label * 101) & 255) << 8) | ((label * 173) & 255);
}

/**
 * Labels from their codes. The renderer softens the edges of clips even where it is told to draw crisply: a pixel
 * whose colour is no code takes the nearest code among its neighbours.
 */
function decode(rgb: Uint8Array, size: number, codes: readonly number[]): Uint8Array {
  const labelOf = new Map(codes.map((code, label) => [code, label]));
  const colours = Uint32Array.from({ length: size * size }, (_, i) => rgbAt(rgb, i));
  return Uint8Array.from(colours, (colour, i) => {
    const label = labelOf.get(colour);
    if (label !== undefined) return label;
    const x = i % size;
    let best = 0;
    let least = Infinity;
    for (const dy of [-size, 0, size])
      for (const dx of [-1, 0, 1]) {
        if (x + dx < 0 || x + dx >= size) continue;
        const neighbour = colours[i + dy + dx];
        const candidate = neighbour === undefined ? undefined : labelOf.get(neighbour);
        if (neighbour === undefined || candidate === undefined) continue;
        const away = distance(colour, neighbour);
        if (away < least) [least, best] = [away, candidate];
      }
    return best;
  });
}

function rgbAt(rgb: Uint8Array, i: number): number {
  const at = (channel: number) => rgb[3 * i + channel] as number;
  return (at(0) << 16) | (at(1) << 8) | at(2);
}

function distance(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
}
