/** Images in Parquet files, in Hugging Face's layout. */

import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { columnOf, openParquet, type ParquetReader } from "@optogram/artifacts";
import { z } from "zod";
import { decodeImage } from "./decode.ts";
import { listShards, type Shards } from "./files.ts";
import { ImageError } from "./picture.ts";
import { remember } from "./remember.ts";
import { type ImageSource, type ImageSourceSpec, recordOf } from "./source.ts";
import { evenlySpaced } from "./spaced.ts";

type ParquetSpec = Extract<ImageSourceSpec, { source: "parquet" }>;
type Schema = ParquetReader["schema"];
type Column = Schema["fields"][number];
type RowGroup = Awaited<ReturnType<ParquetReader["readRowGroup"]>>;

export const parquetEnding = ".parquet";

/** Decompressed row groups held at a time: readers go through rows in order, or nearly so. */
const groupsHeld = 2;

interface Columns {
  readonly image: string;
  readonly label?: string;
  /** Names of classes by number. */
  readonly classes?: readonly string[];
}

interface Group {
  /** The file's path below the data set's folder, without its ending. */
  readonly stem: string;
  readonly reader: ParquetReader;
  readonly index: number;
  /** Of its first row, in the file and in the whole data set. */
  readonly firstInFile: number;
  readonly first: number;
}

export async function openParquetImages(spec: ParquetSpec): Promise<ImageSource> {
  const { path } = spec;
  return openShards({ name: path, ...(await listShards(path, parquetEnding)) }, spec);
}

/**
 * Images keep the order of their rows, files that of `shards`; an image's id is its file and row.
 * @throws ImageError
 */
export async function openShards(
  { name, base, files }: Shards & { readonly name: string },
  { limit, image, label }: Pick<ParquetSpec, "limit" | "image" | "label">,
): Promise<ImageSource> {
  const readers = await Promise.all(files.map((file) => openShard(join(base, file))));
  const [first] = readers;
  const columns = findColumns(name, first.schema, featuresOf(first), { image, label });
  const { groups, rows } = layOut(files, readers);
  if (rows === 0) throw new ImageError(`${name}: the data set has no rows`);
  const chosen = evenlySpaced(rows, limit);
  const wanted = columns.label === undefined ? [columns.image] : [columns.image, columns.label];
  const load = remember(groupsHeld, ({ reader, index }: Group) => reader.readRowGroup(index, wanted));

  const place = (index: number) => {
    const row = chosen.at(index);
    const group = groupOf(groups, row);
    const offset = row - group.first;
    return { id: `${group.stem}#${group.firstInFile + offset}`, group, offset };
  };
  const locate = async (index: number) => {
    const { id, group, offset } = place(index);
    return { id, offset, table: await load(group) };
  };
  const encoded = async (index: number) => {
    const { id, offset, table } = await locate(index);
    const bytes = bytesOf(table, columns.image, offset);
    if (bytes === undefined) throw new ImageError(`${id}: there are no image bytes in this row`);
    return bytes;
  };
  return {
    name: basename(name, parquetEnding),
    origin: resolve(base),
    length: chosen.length,
    id: (index) => place(index).id,
    record: async (index) => {
      const { id, offset, table } = await locate(index);
      return recordOf(id, { label: labelOf(table, columns, offset) });
    },
    read: async (index, size) => decodeImage(await encoded(index), place(index).id, { shortestSide: size }),
    encoded,
  };
}

/** A row holds an image: a file that states more rows than it has bytes does not hold what it says. */
async function openShard(path: string): Promise<ParquetReader> {
  const reader = await openParquet(path);
  const { size } = await stat(path);
  if (reader.rows <= size) return reader;
  reader.close();
  throw new ImageError(`${path}: states ${reader.rows} rows in ${size} bytes; download it again`);
}

function layOut(
  files: readonly string[],
  readers: readonly ParquetReader[],
): { groups: readonly Group[]; rows: number } {
  const groups: Group[] = [];
  let rows = 0;
  for (const [i, reader] of readers.entries()) {
    const start = rows;
    const stem = files[i].slice(0, -parquetEnding.length);
    for (const [index, group] of reader.rowGroups.entries()) {
      groups.push({ stem, reader, index, firstInFile: rows - start, first: rows });
      rows += group.rows;
    }
  }
  return { groups, rows };
}

function groupOf(groups: readonly Group[], row: number): Group {
  let low = 0;
  let high = groups.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (groups[middle].first <= row) low = middle;
    else high = middle - 1;
  }
  return groups[low];
}

function bytesOf(table: RowGroup, column: string, row: number): Uint8Array | undefined {
  const value: unknown = columnOf(table, column).get(row);
  if (value instanceof Uint8Array) return value;
  const bytes = (value as { bytes?: unknown } | null)?.bytes;
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function labelOf(table: RowGroup, { label, classes }: Columns, row: number): string | undefined {
  if (label === undefined) return undefined;
  const value: unknown = columnOf(table, label).get(row);
  // Hugging Face writes −1 where a class is unknown.
  if (value === null || value === undefined || Number(value) < 0) return undefined;
  return classes?.[Number(value)] ?? String(value);
}

const metadataSchema = z.object({
  info: z.object({
    features: z.record(
      z.string(),
      z
        .object({ _type: z.string(), names: z.array(z.string()).optional().catch(undefined) })
        .optional()
        .catch(undefined),
    ),
  }),
});

type Features = z.infer<typeof metadataSchema>["info"]["features"];

/** What the data set says of its columns; nothing where it says nothing that can be understood. */
function featuresOf({ metadata, schema }: ParquetReader): Features {
  const text = metadata.get("huggingface") ?? schema.metadata.get("huggingface") ?? "";
  try {
    return metadataSchema.parse(JSON.parse(text)).info.features;
  } catch {
    return {};
  }
}

/**
 * The columns asked for; else those that the data set's own metadata call `Image` and `ClassLabel`; else the first
 * column of bytes, and a column called `label`.
 */
function findColumns(
  path: string,
  schema: Schema,
  features: Features,
  asked: { readonly image: string | undefined; readonly label: string | undefined },
): Columns {
  const names = schema.fields.map((field) => field.name);
  for (const name of [asked.image, asked.label]) {
    if (name !== undefined && !names.includes(name)) {
      throw new ImageError(`${path}: there is no column "${name}"; there are ${names.join(", ")}`);
    }
  }
  const ofType = (type: string) =>
    names.find((name) => Object.hasOwn(features, name) && features[name]?._type === type);
  const image = asked.image ?? ofType("Image") ?? schema.fields.find(holdsBytes)?.name;
  if (image === undefined) {
    throw new ImageError(
      `${path}: no column of image bytes among ${names.join(", ")}; name one with "image"`,
    );
  }
  const label = asked.label ?? ofType("ClassLabel") ?? names.find((name) => name === "label");
  if (label === undefined) return { image };
  const classes = Object.hasOwn(features, label) ? features[label]?.names : undefined;
  return classes === undefined ? { image, label } : { image, label, classes };
}

function holdsBytes({ type }: Column): boolean {
  const isBinary = (text: string) => text === "Binary" || text === "LargeBinary";
  if (isBinary(String(type))) return true;
  return (
    type.children?.some((child: Column) => child.name === "bytes" && isBinary(String(child.type))) ?? false
  );
}
