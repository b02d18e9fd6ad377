/** WebDataset: images in .tar shards, beside each what is known of it. An image is read where it lies. */

import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { decodeImage } from "./decode.ts";
import { isFile, listShards, readSpan, readWhole } from "./files.ts";
import { ImageError } from "./picture.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";
import { type TarMember, tarMembers } from "./tar.ts";

type WebDatasetSpec = Extract<ImageSourceSpec, { source: "webdataset" }>;

const ending = ".tar";
const imageEndings = new Set(["avif", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp"]);
/** What is read of a sample besides its image. */
const textEndings = ["cls", "txt", "json"] as const;
type TextEnding = (typeof textEndings)[number];

/** Texts beyond this are no captions. */
const mostTextBytes = 1 << 20;

/** Where members lie, eight numbers an image: offsets and sizes of the image, then of each text (size −1: none). */
interface Index {
  readonly places: Float64Array;
  /** The first image of each shard. */
  readonly firsts: readonly number[];
}
const membersEach = 1 + textEndings.length;

/** An image's id is its shard and its place in it. Members that are neither images nor known texts are passed over. */
export async function openWebDataset({ path, names, limit }: WebDatasetSpec): Promise<ImageSource> {
  const { base, files } = await listShards(path, ending);
  const { places, firsts } = await indexShards(files.map((file) => join(base, file)));
  const count = places.length / (2 * membersEach);
  if (count === 0) throw new ImageError(`${path}: no images in its shards`);
  const classes = await readClasses(base, names);
  const chosen = evenlySpaced(count, limit);

  const place = (index: number) => {
    const image = chosen.at(index);
    const shard = firsts.findLastIndex((first) => first <= image);
    const id = `${files[shard].slice(0, -ending.length)}#${image - firsts[shard]}`;
    return { id, shard: join(base, files[shard]), image };
  };
  const member = (index: number, which: number) => {
    const { id, shard, image } = place(index);
    const at = 2 * (membersEach * image + which);
    return { id, shard, offset: places[at], size: places[at + 1] };
  };
  const readText = async (index: number, which: TextEnding): Promise<string | undefined> => {
    const { id, shard, offset, size } = member(index, 1 + textEndings.indexOf(which));
    if (size < 0) return undefined;
    if (size > mostTextBytes) throw new ImageError(`${id}: its ${which} has ${size} bytes, which is no text`);
    return Buffer.from(await readSpan(shard, offset, size, id)).toString();
  };
  const encoded = (index: number) => {
    const { id, shard, offset, size } = member(index, 0);
    return readSpan(shard, offset, size, id);
  };
  return {
    name: basename(path, ending),
    origin: resolve(base),
    length: chosen.length,
    id: (index) => place(index).id,
    record: async (index) => {
      const { id } = place(index);
      const [cls, txt, json] = await Promise.all(textEndings.map((which) => readText(index, which)));
      const told = json === undefined ? {} : parseJson(json, id);
      const label = cls?.trim() ?? told.label;
      return recordOf(id, {
        label: label === undefined ? undefined : (classNamed(label, classes) ?? told.class_name ?? label),
        caption: txt?.trim() ?? told.caption,
      });
    },
    read: async (index, size) => decodeImage(await encoded(index), place(index).id, { shortestSide: size }),
    encoded,
  };
}

async function indexShards(paths: readonly string[]): Promise<Index> {
  const places: number[] = [];
  const firsts: number[] = [];
  for (const path of paths) {
    firsts.push(places.length / (2 * membersEach));
    let key: string | undefined;
    let sample: (TarMember | undefined)[] = [];
    const end = () => {
      if (sample[0]) for (let i = 0; i < membersEach; i++) push(places, sample[i]);
      sample = [];
    };
    for await (const member of tarMembers(path)) {
      const named = keyOf(member.name);
      if (named.key !== key) end();
      key = named.key;
      const which = imageEndings.has(named.ending) ? 0 : 1 + textEndings.indexOf(named.ending as TextEnding);
      if (which > 0 || imageEndings.has(named.ending)) sample[which] ??= member;
    }
    end();
  }
  return { places: Float64Array.from(places), firsts };
}

function push(places: number[], member: TarMember | undefined): void {
  places.push(member?.offset ?? 0, member?.size ?? -1);
}

/** `a/b.c.jpg` belongs to the sample `a/b`, as its `c.jpg`. */
function keyOf(name: string): { key: string; ending: string } {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  if (dot < 0) return { key: name, ending: "" };
  return { key: name.slice(0, dot), ending: name.slice(dot + 1).toLowerCase() };
}

async function readClasses(base: string, names: string | undefined): Promise<readonly string[]> {
  const candidates = names ? [names] : [base, dirname(base)].map((folder) => join(folder, "classnames.txt"));
  for (const file of candidates) {
    if (names === undefined && !(await isFile(file))) continue;
    return Buffer.from(await readWhole(file))
      .toString()
      .split(/\r?\n/);
  }
  return [];
}

/** A class is told by its number in the list of names, or by its name. */
function classNamed(label: string, classes: readonly string[]): string | undefined {
  const name = /^\d+$/.test(label) ? classes[Number(label)]?.trim() : undefined;
  return name || undefined;
}

const scalar = z.union([z.string(), z.number().transform(String)]);
const jsonSchema = z.looseObject({
  label: scalar.optional().catch(undefined),
  class_name: z.string().optional().catch(undefined),
  caption: z.string().optional().catch(undefined),
});

function parseJson(text: string, id: string): Partial<z.infer<typeof jsonSchema>> {
  try {
    return jsonSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ImageError(`${id}: its json member is no JSON object; write or download it again`, {
      cause: error,
    });
  }
}
