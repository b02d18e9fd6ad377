/** What a collection of images is made of, found by looking at every one. */

import { createHash } from "node:crypto";
import sharp from "sharp";
import { decodeImage } from "./decode.ts";
import { ImageError, type Picture } from "./picture.ts";
import { resize } from "./resample.ts";
import type { ImageRecord, ImageSource } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Inspection {
  readonly images: number;
  /** Of the images that can be read: those of the fewest, the middle and the most pixels. */
  readonly sizes?: { readonly smallest: Size; readonly median: Size; readonly largest: Size };
  /** Images by format (`jpeg`, `png`, …; `pixels` where they are no files), the most frequent first. */
  readonly formats: ReadonlyMap<string, number>;
  /** Images by class, the most frequent first. */
  readonly classes: ReadonlyMap<string, number>;
  /** Images by what they show, where there are no classes to tell it. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly captions: number;
  /** Those that cannot be read, one line each, in order; the first of them. */
  readonly broken: readonly string[];
  readonly brokenCount: number;
  /** Ids of images whose content is equal, a list a content; the first of them. */
  readonly duplicates: readonly (readonly string[])[];
  /** Images that are there again, beyond the first of each content. */
  readonly repeated: number;
  /** Images spread over the collection, [cell, cell, 3] each, in order, for a contact sheet. */
  readonly thumbnails: readonly Uint8Array[];
}

export interface InspectOptions {
  /** Called after each image. */
  readonly seen?: () => void;
  readonly signal?: AbortSignal;
  /** How many thumbnails to keep; none where nothing is said. */
  readonly thumbnails?: number;
}

/** Side of a thumbnail in pixels. */
export const thumbnailSide = 96;

/** Images in work at a time: one is decoded while another is read. */
const lanes = 4;
/** Names that are kept of broken images and of duplicates, whatever there are. */
const namesKept = 100;

/** Reads every image of `source` once. It holds 16 bytes an image, and the thumbnails. */
export async function inspectImages(source: ImageSource, options: InspectOptions = {}): Promise<Inspection> {
  const { seen, signal, thumbnails = 0 } = options;
  const census = new Census(source, thumbnails);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < source.length; index = next++) {
      signal?.throwIfAborted();
      await census.look(index);
      seen?.();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return census.result();
}

class Census {
  readonly #source: ImageSource;
  readonly #widths: Uint32Array;
  readonly #heights: Uint32Array;
  /** The first eight bytes of each content's SHA-256; 0 where it cannot be read. */
  readonly #digests: BigUint64Array;
  readonly #formats = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #broken = new Map<number, string>();
  readonly #thumbnails = new Map<number, Uint8Array | undefined>();
  #brokenCount = 0;
  #captions = 0;

  constructor(source: ImageSource, thumbnails: number) {
    this.#source = source;
    this.#widths = new Uint32Array(source.length);
    this.#heights = new Uint32Array(source.length);
    this.#digests = new BigUint64Array(source.length);
    if (thumbnails > 0) {
      const chosen = evenlySpaced(source.length, thumbnails);
      for (let i = 0; i < chosen.length; i++) this.#thumbnails.set(chosen.at(i), undefined);
    }
  }

  async look(index: number): Promise<void> {
    try {
      this.#count(await this.#source.record(index));
      const { picture, format, content } = await readForCensus(this.#source, index);
      const { width, height } = picture.original ?? picture;
      this.#widths[index] = width;
      this.#heights[index] = height;
      this.#digests[index] = createHash("sha256").update(content).digest().readBigUInt64LE();
      increase(this.#formats, format);
      if (this.#thumbnails.has(index)) this.#thumbnails.set(index, thumbnailOf(picture));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      this.#brokenCount++;
      if (this.#broken.size < namesKept) this.#broken.set(index, error.message);
    }
  }

  result(): Inspection {
    const sizes = this.#sizes();
    return {
      images: this.#source.length,
      ...(sizes && { sizes }),
      formats: sorted(this.#formats),
      classes: sorted(this.#classes),
      kinds: sorted(this.#kinds),
      captions: this.#captions,
      broken: [...this.#broken].sort(([a], [b]) => a - b).map(([, line]) => line),
      brokenCount: this.#brokenCount,
      ...this.#duplicates(),
      thumbnails: [...this.#thumbnails.values()].filter((thumbnail) => thumbnail !== undefined),
    };
  }

  #count({ label, caption, truth = [] }: ImageRecord): void {
    if (caption !== undefined) this.#captions++;
    if (label !== undefined) increase(this.#classes, label);
    else for (const { kind } of truth) increase(this.#kinds, kind);
  }

  #sizes(): Inspection["sizes"] {
    const areaOf = (index: number) => this.#widths[index] * this.#heights[index];
    const readable = Uint32Array.from(this.#widths.keys()).filter((index) => areaOf(index) > 0);
    if (readable.length === 0) return undefined;
    readable.sort((a, b) => areaOf(a) - areaOf(b) || this.#widths[a] - this.#widths[b]);
    const size = (index: number) => ({ width: this.#widths[index], height: this.#heights[index] });
    return {
      smallest: size(readable[0]),
      median: size(readable[readable.length >> 1]),
      largest: size(readable[readable.length - 1]),
    };
  }

  #duplicates(): Pick<Inspection, "duplicates" | "repeated"> {
    const digests = this.#digests;
    const order = Uint32Array.from(digests.keys()).filter((index) => digests[index] !== 0n);
    order.sort((a, b) => (digests[a] < digests[b] ? -1 : digests[a] > digests[b] ? 1 : a - b));
    const groups: number[][] = [];
    let repeated = 0;
    for (let start = 0, end = 1; start < order.length; start = end++) {
      while (end < order.length && digests[order[end]] === digests[order[start]]) end++;
      repeated += end - start - 1;
      if (end - start > 1) groups.push([...order.subarray(start, end)]);
    }
    groups.sort(([a], [b]) => a - b);
    const duplicates = groups
      .slice(0, namesKept)
      .map((group) => group.map((index) => this.#source.id(index)));
    return { duplicates, repeated };
  }
}

async function readForCensus(
  source: ImageSource,
  index: number,
): Promise<{ picture: Picture; format: string; content: Uint8Array }> {
  const bytes = await source.encoded?.(index);
  if (bytes === undefined) {
    const picture = await source.read(index, thumbnailSide);
    return { picture, format: "pixels", content: picture.data };
  }
  const picture = await decodeImage(bytes, source.id(index), { shortestSide: thumbnailSide });
  const { format } = await sharp(bytes).metadata();
  return { picture, format, content: bytes };
}

/** The whole picture on a white square. */
function thumbnailOf(picture: Picture): Uint8Array {
  const scale = thumbnailSide / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const { data } = resize(picture, width, height, "bicubic");
  const [left, top] = [(thumbnailSide - width) >> 1, (thumbnailSide - height) >> 1];
  const square = new Uint8Array(3 * thumbnailSide * thumbnailSide).fill(255);
  for (let y = 0; y < height; y++) {
    square.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * thumbnailSide + left));
  }
  return square;
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
