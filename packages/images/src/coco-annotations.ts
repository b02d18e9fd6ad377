/** COCO's files of captions and objects, as a few numbers an image. */

import { join } from "node:path";
import { z } from "zod";
import { isFile } from "./files.ts";
import { jsonItems } from "./json-items.ts";
import { ImageError } from "./picture.ts";
import type { ImageRecord } from "./source.ts";
import { Texts } from "./texts.ts";

export interface CocoAnnotations {
  /** What is known of the image of that index. */
  of(index: number): Pick<ImageRecord, "caption" | "truth">;
}

const imageSchema = z.looseObject({
  id: z.number(),
  file_name: z.string(),
  width: z.number().positive(),
  height: z.number().positive(),
});
const categorySchema = z.looseObject({ id: z.number(), name: z.string() });
const captionSchema = z.looseObject({ image_id: z.number(), caption: z.string() });
const objectSchema = z.looseObject({
  image_id: z.number(),
  category_id: z.number(),
  area: z.number().nonnegative().optional(),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});

/**
 * Reads `captions_PART.json` and `instances_PART.json` of `folder`, those that are there.
 * @param files paths of the images, whose last part is the annotations' `file_name`
 * @throws ImageError
 */
export async function readAnnotations(folder: string, part: string, files: Texts): Promise<CocoAnnotations> {
  const positions = new Map<string, number>();
  for (let index = 0; index < files.length; index++) {
    const file = files.at(index);
    positions.set(file.slice(file.lastIndexOf("/") + 1), index);
  }
  const captionOf = await readCaptions(join(folder, `captions_${part}.json`), positions);
  const truthOf = await readObjects(join(folder, `instances_${part}.json`), positions);
  return {
    of: (index) => {
      const [caption, truth] = [captionOf(index), truthOf(index)];
      return { ...(caption !== undefined && { caption }), ...(truth !== undefined && { truth }) };
    },
  };
}

type Positions = ReadonlyMap<string, number>;

async function readCaptions(
  path: string,
  positions: Positions,
): Promise<(index: number) => string | undefined> {
  if (!(await isFile(path))) return () => undefined;
  const indices = new Map<number, number>();
  const texts = new Texts();
  const places = new Int32Array(positions.size).fill(-1);
  for await (const { key, value } of jsonItems(path, ["images", "annotations"])) {
    if (key === "images") {
      const { id, file_name } = check(imageSchema, value, path);
      const index = positions.get(file_name);
      if (index !== undefined) indices.set(id, index);
      continue;
    }
    const { image_id, caption } = check(captionSchema, value, path);
    const index = indices.get(image_id);
    if (index === undefined || places[index] >= 0) continue;
    places[index] = texts.length;
    texts.add(caption.trim());
  }
  return (index) => (places[index] < 0 ? undefined : texts.at(places[index]));
}

async function readObjects(
  path: string,
  positions: Positions,
): Promise<(index: number) => ImageRecord["truth"]> {
  if (!(await isFile(path))) return () => undefined;
  const sizes = new Map<number, { readonly index: number; readonly pixels: number }>();
  const names = new Map<number, string>();
  /** Of each image: category, share, category, share, … */
  const shares: (number[] | undefined)[] = new Array(positions.size);
  for await (const { key, value } of jsonItems(path, ["images", "annotations", "categories"])) {
    if (key === "categories") {
      const { id, name } = check(categorySchema, value, path);
      names.set(id, name);
    } else if (key === "images") {
      const { id, file_name, width, height } = check(imageSchema, value, path);
      const index = positions.get(file_name);
      if (index === undefined) continue;
      sizes.set(id, { index, pixels: width * height });
      shares[index] = [];
    } else {
      const { image_id, category_id, area, bbox } = check(objectSchema, value, path);
      const image = sizes.get(image_id);
      if (!image) continue;
      const covered = area ?? (bbox ? Math.max(0, bbox[2]) * Math.max(0, bbox[3]) : 0);
      add(shares[image.index] as number[], category_id, covered / image.pixels, path);
    }
  }
  return packed(shares, names);
}

/** Lists of a few numbers each, as one. */
function packed(
  lists: readonly (readonly number[] | undefined)[],
  names: ReadonlyMap<number, string>,
): (index: number) => ImageRecord["truth"] {
  let total = 0;
  const ends = Uint32Array.from(lists, (list) => (total += list?.length ?? 0));
  const known = Uint8Array.from(lists, (list) => (list ? 1 : 0));
  const pairs = new Float64Array(total);
  for (const [index, list = []] of lists.entries()) pairs.set(list, ends[index] - list.length);
  return (index) => {
    if (known[index] === 0) return undefined;
    const truth: { kind: string; coverage: number }[] = [];
    for (let at = index === 0 ? 0 : ends[index - 1]; at < ends[index]; at += 2) {
      const kind = names.get(pairs[at]) ?? `category ${pairs[at]}`;
      truth.push({ kind, coverage: Math.min(1, pairs[at + 1]) });
    }
    return truth;
  };
}

/** COCO has 80 categories; a list of them is searched through. */
const mostCategories = 2000;

function add(pairs: number[], category: number, share: number, path: string): void {
  for (let i = 0; i < pairs.length; i += 2) {
    if (pairs[i] !== category) continue;
    pairs[i + 1] += share;
    return;
  }
  if (pairs.length >= 2 * mostCategories) {
    throw new ImageError(
      `${path}: has an image of more than ${mostCategories} categories; download it again`,
    );
  }
  pairs.push(category, share);
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: where, message }] = parsed.error.issues;
  throw new ImageError(
    `${path}: has an item whose ${where.join(".") || "value"} is wrong (${message}); download it again`,
  );
}
