/**
 * Reads Parquet in a thread of its own. The engine's asynchronous reader panics on many damaged files where
 * nothing can catch it (248 of 1,500 single flipped bits); here that ends the thread, not the program.
 */
import { openAsBlob } from "node:fs";
import { parentPort } from "node:worker_threads";
import { ParquetFile } from "parquet-wasm";

export type Request = { readonly id: number; readonly file: number; readonly path: string } & Task;

type Task =
  | { readonly task: "open" }
  | {
      readonly task: "read";
      readonly group: number;
      readonly rows: number;
      readonly columns: readonly string[] | undefined;
    }
  | { readonly task: "close" };

/** What a file says of itself; `schema` is an Arrow IPC stream without rows. */
export interface Opened {
  readonly schema: Uint8Array;
  readonly metadata: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly groups: readonly number[];
}

export type Response =
  | { readonly id: number; readonly value: Opened | Uint8Array | undefined }
  | { readonly id: number; readonly error: string };

const files = new Map<number, Promise<ParquetFile>>();

async function answer(request: Request): Promise<Opened | Uint8Array | undefined> {
  const { file: key, path } = request;
  if (request.task === "close") {
    const closing = files.get(key);
    files.delete(key);
    (await closing?.catch(() => undefined))?.free();
    return undefined;
  }
  if (!files.has(key)) files.set(key, openAsBlob(path).then(ParquetFile.fromFile));
  const file = await files.get(key)!;
  if (request.task === "open") return describe(file);
  const { group, rows, columns } = request;
  const table = await file.read({
    rowGroups: [group],
    batchSize: Math.max(1, rows),
    ...(columns ? { columns: [...columns] } : {}),
  });
  return table.intoIPCStream();
}

function describe(file: ParquetFile): Opened {
  using metadata = file.metadata();
  using fileMetadata = metadata.fileMetadata();
  return {
    schema: file.schema().intoIPCStream(),
    metadata: fileMetadata.keyValueMetadata() as Map<string, string>,
    rows: fileMetadata.numRows(),
    groups: metadata.rowGroups().map((group) => group.numRows()),
  };
}

parentPort?.on("message", async (request: Request) => {
  const { id } = request;
  try {
    const value = await answer(request);
    const moved = value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
    parentPort?.postMessage({ id, value } satisfies Response, moved);
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error instanceof Error ? error.message : error) });
  }
});
