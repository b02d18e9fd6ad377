/** Arrow tables to Parquet and back. Files are read a row group at a time, whatever their size. */
import { stat, writeFile } from "node:fs/promises";
import {
  DataType,
  makeData,
  RecordBatch,
  type Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import type { WriterProperties } from "parquet-wasm";
import { ArtifactError, messageOf } from "./error.ts";
import { ask, closeFile, newFile } from "./parquet-engine.ts";
import type { Opened } from "./parquet-worker.ts";

export interface WriteOptions {
  /** Rows of a row group, the piece in which a file is read; 16,384 where nothing is said. */
  readonly rowGroupRows?: number;
  /** Stage tables are zstd; the page reads "snappy" and "none". */
  readonly compression?: "none" | "snappy" | "zstd";
}

/** A Parquet file, read a row group at a time. */
export interface ParquetReader {
  readonly schema: Schema;
  /** The file's own strings, such as `huggingface`, the JSON in which data sets describe their columns. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly rowGroups: readonly { readonly rows: number }[];
  /** Row group `index`; with `columns`, those alone. */
  readRowGroup(index: number, columns?: readonly string[]): Promise<Table>;
  /** Every row group in turn. */
  read(columns?: readonly string[]): AsyncGenerator<Table, void>;
  close(): void;
}

/** The engine is 5 MB of WebAssembly: loaded when a table is first touched, so that `--help` is quick. */
const engine = () => import("parquet-wasm");

/** A table as Parquet. The same table and options give the same bytes. */
export async function encodeTable(data: Table, options: WriteOptions = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of encodedParts(data, options)) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Writes a table as a Parquet file. */
export async function writeTable(path: string, data: Table, options: WriteOptions = {}): Promise<void> {
  await writeFile(path, encodedParts(data, options));
}

/** The engine has 4 GB of memory at most, so a table goes through it a row group at a time. */
async function* encodedParts(data: Table, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { rowGroupRows = 16_384, compression = "zstd" } = options;
  const { Table: Wasm, transformParquetStream, writeParquet } = await engine();
  const properties = await writerProperties(data.schema, rowGroupRows, compression);
  const load = (rows: Table) => Wasm.fromIPCStream(tableToIPC(rows, "stream"));
  if (data.numRows <= rowGroupRows) {
    yield writeParquet(load(data), properties);
    return;
  }
  let row = 0;
  const batches = new ReadableStream({
    pull(controller) {
      using group = load(data.slice(row, row + rowGroupRows));
      for (const batch of group.recordBatches()) controller.enqueue(batch);
      row += rowGroupRows;
      if (row >= data.numRows) controller.close();
    },
  });
  yield* (await transformParquetStream(batches, properties)) as ReadableStream<Uint8Array>;
}

async function writerProperties(
  schema: Schema,
  rowGroupRows: number,
  compression: NonNullable<WriteOptions["compression"]>,
): Promise<WriterProperties> {
  const { Compression, EnabledStatistics, WriterPropertiesBuilder } = await engine();
  const codec = { none: Compression.UNCOMPRESSED, snappy: Compression.SNAPPY, zstd: Compression.ZSTD };
  let properties = new WriterPropertiesBuilder()
    .setCreatedBy("optogram")
    .setCompression(codec[compression])
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setMaxRowGroupSize(rowGroupRows)
    // A dictionary of floats is all cost: 50,000 × 384 take four times as long to write.
    .setDictionaryEnabled(false);
  for (const { name, type } of schema.fields) {
    if (DataType.isUtf8(type)) properties = properties.setColumnDictionaryEnabled(name, true);
  }
  return properties.build();
}

/**
 * The table in the Parquet file at `path`; with `columns`, those alone.
 * @throws ArtifactError
 */
export async function readTable(path: string, columns?: readonly string[]): Promise<Table> {
  const file = await openParquet(path);
  try {
    const groups: Table[] = [];
    for await (const group of file.read(columns)) groups.push(group);
    const [first] = groups;
    if (first)
      return new Table(
        first.schema,
        groups.flatMap((group) => group.batches),
      );
    const schema = columns ? file.schema.select([...columns]) : file.schema;
    return emptyTable(schema);
  } finally {
    file.close();
  }
}

/** `new Table(schema)` has columns without items, fields and offsets, which readers of columns trip over. */
function emptyTable(schema: Schema): Table {
  const children = schema.fields.map(({ type }) => vectorFromArray([], type).data[0]!);
  const data = makeData({ type: new Struct(schema.fields), length: 0, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, data)]);
}

/**
 * Opens the Parquet file at `path`, which may be of any size and from anywhere.
 * @throws ArtifactError where it cannot be read or is no sound Parquet file
 */
export async function openParquet(path: string): Promise<ParquetReader> {
  const status = await stat(path).catch((error: unknown) => {
    throw new ArtifactError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  });
  if (!status.isFile()) throw new ArtifactError(`${path}: is no file; name a Parquet file`);
  if (status.size < 12) throw new ArtifactError(`${path}: is no Parquet file: it has ${status.size} bytes`);
  const file = newFile();
  try {
    const opened = (await failing(path, () => ask({ task: "open", file, path }))) as Opened;
    checkCounts(path, opened);
    return new RowGroups(path, file, opened);
  } catch (error) {
    closeFile(file);
    throw error;
  }
}

/** The engine passes on what the file says, and rows are counted by it before any is read. */
function checkCounts(path: string, { rows, groups }: Opened): void {
  const sound = groups.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (sound && groups.reduce((sum, count) => sum + count, 0) === rows) return;
  throw new ArtifactError(
    `${path}: states ${rows} rows and row groups of ${groups.slice(0, 5).join(", ")}; write or download it again`,
  );
}

/** An error of the engine says neither which file nor what to do. */
async function failing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ArtifactError(
      `${path}: cannot be read as Parquet: ${messageOf(error)}; write or download it again`,
      { cause: error },
    );
  }
}

class RowGroups implements ParquetReader {
  readonly schema: Schema;
  readonly metadata: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly rowGroups: readonly { readonly rows: number }[];
  readonly #path: string;
  readonly #file: number;

  constructor(path: string, file: number, { schema, metadata, rows, groups }: Opened) {
    this.#path = path;
    this.#file = file;
    this.schema = tableFromIPC(schema).schema;
    this.metadata = metadata;
    this.rows = rows;
    this.rowGroups = groups.map((count) => ({ rows: count }));
  }

  async readRowGroup(index: number, columns?: readonly string[]): Promise<Table> {
    const { rows } = this.rowGroups[index] ?? {};
    if (rows === undefined) {
      throw new ArtifactError(`${this.#path}: there is no row group ${index} of ${this.rowGroups.length}`);
    }
    this.#checkColumns(columns);
    return failing(this.#path, async () => {
      const request = {
        task: "read",
        file: this.#file,
        path: this.#path,
        group: index,
        rows,
        columns,
      } as const;
      const table = tableFromIPC((await ask(request)) as Uint8Array);
      if (table.numRows === rows) return table;
      throw new Error(`row group ${index} has ${table.numRows} rows where ${rows} are promised`);
    });
  }

  async *read(columns?: readonly string[]): AsyncGenerator<Table, void> {
    for (let index = 0; index < this.rowGroups.length; index++) yield await this.readRowGroup(index, columns);
  }

  close(): void {
    closeFile(this.#file);
  }

  #checkColumns(columns: readonly string[] = []): void {
    const there = this.schema.names.map(String);
    for (const column of columns) {
      if (there.includes(column)) continue;
      throw new ArtifactError(`${this.#path}: there is no column "${column}"; there are ${there.join(", ")}`);
    }
  }
}
