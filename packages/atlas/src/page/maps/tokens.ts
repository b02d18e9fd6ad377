import { principalComponents, project } from "@optogram/statistics";
import type { LayerMaps } from "./data.ts";

/** [tokens] of an image, along the first component in its standard deviations. */
export function scoresOf({ layer, rank, images }: LayerMaps, image: number): Float32Array {
  const { projections } = images[image]!;
  const deviation = layer.deviation || 1;
  return Float32Array.from(
    { length: projections.length / rank },
    (_, token) => projections[token * rank]! / deviation,
  );
}

/** [tokens], 1 where a subject is: by image. */
export function masksOf(maps: LayerMaps, threshold: number): Uint8Array[] {
  return maps.images.map((_, image) =>
    Uint8Array.from(scoresOf(maps, image), (score) => (score > threshold ? 1 : 0)),
  );
}

/**
 * Intersection over union of masks with what things truly cover, the mean over those of the `chosen` images whose truth
 * is known; undefined where none is.
 */
export function overlapOf(
  { images }: Pick<LayerMaps, "images">,
  masks: readonly Uint8Array[],
  chosen: readonly number[],
): number | undefined {
  const overlaps = chosen.flatMap((image) => {
    const { coverage } = images[image]!;
    if (!coverage) return [];
    let [both, either] = [0, 0];
    for (const [token, share] of coverage.entries()) {
      if (masks[image]![token]) both += share;
      either += masks[image]![token] ? 1 : share;
    }
    return [either === 0 ? 1 : both / either];
  });
  if (overlaps.length === 0) return undefined;
  return overlaps.reduce((sum, iou) => sum + iou, 0) / overlaps.length;
}

/** Three numbers a token as colours, by image: [tokens, 3] bytes, each from its least to its largest value. */
export type Colours = readonly Uint8Array[];

/** The first three components of all images. */
export function coloursOfAll({ rank, images }: LayerMaps): Colours {
  return spread(
    images.map(({ projections }) => firstThree(projections, rank)),
    undefined,
  );
}

/** Components of masked tokens that are looked at one by one. */
export const maskedRank = 8;

/**
 * The first three components of the masked tokens of all shown images alone, within the components that are stored: what
 * is masked decides what the colours mean. Absent where fewer than two tokens are masked.
 */
export function coloursOfMasked(maps: LayerMaps, masks: readonly Uint8Array[]): Colours | undefined {
  const k = Math.min(3, maps.rank);
  const found = maskedComponents(maps, masks, k);
  if (!found) return undefined;
  return spread(
    found.map((rows) => firstThree(rows, k)),
    masks,
  );
}

/** One of them as a grey. */
export function greysOfMasked(
  maps: LayerMaps,
  masks: readonly Uint8Array[],
  component: number,
): Colours | undefined {
  const c = Math.min(component, maskedRank - 1, maps.rank - 1);
  const found = maskedComponents(maps, masks, c + 1);
  if (!found) return undefined;
  return spread(
    found.map((rows) => tripled(rows, c + 1, c)),
    masks,
  );
}

/** Tokens by image [tokens, k] along the first `k` components of the masked ones. */
function maskedComponents(
  { rank, images }: LayerMaps,
  masks: readonly Uint8Array[],
  k: number,
): Float32Array[] | undefined {
  const products = new Float64Array(rank * rank);
  const sums = new Float64Array(rank);
  let n = 0;
  for (const [image, { projections }] of images.entries())
    for (const [token, inside] of masks[image]!.entries()) {
      if (!inside) continue;
      n++;
      const row = projections.subarray(token * rank, (token + 1) * rank);
      for (let a = 0; a < rank; a++) {
        sums[a] += row[a]!;
        for (let b = 0; b < rank; b++) products[a * rank + b] += row[a]! * row[b]!;
      }
    }
  if (n < 2) return undefined;
  const principal = principalComponents({ n, anchor: new Float64Array(rank), sums, products }, k);
  return images.map(({ projections }) => project(projections, principal));
}

/** One component as a grey. */
export function greysOf({ rank, images }: LayerMaps, component: number): Colours {
  const c = Math.min(component, rank - 1);
  return spread(
    images.map(({ projections }) => tripled(projections, rank, c)),
    undefined,
  );
}

/** Bytes [3, tokens] as colours [tokens, 3]. */
export function coloursOfOwn({ images }: LayerMaps): Colours {
  return images.map(({ own }) => {
    const tokens = own.length / 3;
    return Uint8Array.from(own, (_, at) => own[(at % 3) * tokens + Math.floor(at / 3)]!);
  });
}

/** A single channel as a grey; `channel` is its place among those that are stored. */
export function greysOfChannel({ layer, images }: LayerMaps, channel: number): Colours {
  return images.map(({ channels }) => {
    const tokens = channels.length / layer.channels.length;
    return Uint8Array.from(
      { length: 3 * tokens },
      (_, at) => channels[channel * tokens + Math.floor(at / 3)]!,
    );
  });
}

/** Column `c` of rows of `width`, three times. */
function tripled(rows: Float32Array, width: number, c: number): Float32Array {
  return Float32Array.from(
    { length: (3 * rows.length) / width },
    (_, at) => rows[Math.floor(at / 3) * width + c]!,
  );
}

function firstThree(rows: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: (3 * rows.length) / width }, (_, at) => {
    const [token, c] = [Math.floor(at / 3), at % 3];
    return c < width ? rows[token * width + c]! : 0;
  });
}

/** Rows [tokens, 3] as bytes; where masks are given, only what is inside counts, and all else is black. */
function spread(rows: readonly Float32Array[], masks: readonly Uint8Array[] | undefined): Colours {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const inside = (image: number, token: number) => !masks || masks[image]![token] === 1;
  for (const [image, values] of rows.entries())
    for (const [at, value] of values.entries()) {
      if (!inside(image, Math.floor(at / 3))) continue;
      low[at % 3] = Math.min(low[at % 3]!, value);
      high[at % 3] = Math.max(high[at % 3]!, value);
    }
  return rows.map((values, image) =>
    Uint8Array.from(values, (value, at) => {
      if (!inside(image, Math.floor(at / 3))) return 0;
      const [from, to] = [low[at % 3]!, high[at % 3]!];
      return to > from ? Math.round((255 * (value - from)) / (to - from)) : 128;
    }),
  );
}

/** A patch: of which image, and where on its grid. */
export interface Patch {
  readonly image: number;
  readonly token: number;
}

/** Cosines with every token of every image, by image [tokens]: of what lies along the stored components, from the mean. */
export function similarities({ rank, images }: LayerMaps, { image, token }: Patch): Float32Array[] {
  const row = images[image]!.projections.subarray(token * rank, (token + 1) * rank);
  const length = Math.hypot(...row) || 1;
  return images.map(({ projections }) =>
    Float32Array.from({ length: projections.length / rank }, (_, other) => {
      let [product, squares] = [0, 0];
      for (let c = 0, p = other * rank; c < rank; c++, p++) {
        product += row[c]! * projections[p]!;
        squares += projections[p]! ** 2;
      }
      return squares > 0 ? product / (length * Math.sqrt(squares)) : 0;
    }),
  );
}

/** The token of an image nearest to a patch, the patch itself left out. */
export function nearestIn(cosines: Float32Array, image: number, patch: Patch): number {
  let best = -1;
  for (const [token, cosine] of cosines.entries())
    if (!(image === patch.image && token === patch.token) && (best < 0 || cosine > cosines[best]!))
      best = token;
  return best;
}
