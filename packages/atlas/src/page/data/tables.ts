import type { SiteTable } from "@optogram/render-atlas/site";
import {
  type AsyncBuffer,
  asyncBufferFromUrl,
  cachedAsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { once, PageError } from "./load.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Bytes first asked for at a table's end: the footer of all but the largest fits, and often the table itself. */
const footerBytes = 32 << 10;

/** Every row of a table, fetched whole. */
export async function readWhole(table: SiteTable): Promise<readonly Row[]> {
  const response = await fetch(table.url).catch(() => undefined);
  if (!response?.ok) throw unreadable(table, response?.status);
  const bytes = await response.arrayBuffer();
  return parquetReadObjects({
    file: { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) },
    // Texts say that they are; what does not say so stays bytes.
    utf8: false,
  });
}

/** A feature's rows of a table sorted by feature: only the row groups that hold them are fetched, where the host has ranges. */
export function readFeature(table: SiteTable, feature: number): Promise<readonly Row[]> {
  return readWhere(table, "feature", feature);
}

/** The same of a table sorted by another column. */
export async function readWhere(table: SiteTable, column: string, value: number): Promise<readonly Row[]> {
  const { file, metadata } = await once(`open ${table.url}`, () => open(table));
  return parquetReadObjects({ file, metadata, utf8: false, filter: { [column]: { $eq: value } } });
}

async function open(table: SiteTable): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url: table.url, byteLength: table.bytes }));
    return { file, metadata: await parquetMetadataAsync(file, { initialFetchSize: footerBytes }) };
  } catch {
    throw unreadable(table);
  }
}

function unreadable(table: SiteTable, status?: number): PageError {
  return new PageError(
    `The table ${table.url} could not be read${status ? ` (status ${status})` : ""}. Check that the whole folder was copied to the host, then reload.`,
  );
}

export function number(row: Row, column: string): number {
  return Number(row[column] ?? Number.NaN);
}

/** A number that may be missing: null where the table has none, −1 or NaN in its place. */
export function numberOrNull(row: Row, column: string): number | null {
  const value = Number(row[column] ?? Number.NaN);
  return Number.isNaN(value) || value === -1 ? null : value;
}

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === "string" ? value : null;
}
