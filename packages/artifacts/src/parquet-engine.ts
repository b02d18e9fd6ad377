/** The thread that reads Parquet: started at the first read, ended when no file has been open for a while. */
import { Worker } from "node:worker_threads";
import type { Opened, Request, Response } from "./parquet-worker.ts";

type Answer = Opened | Uint8Array | undefined;
type Ask<T = Request> = T extends Request ? Omit<T, "id"> : never;

/** Starting takes about 0.1 s, so a stage that reads table after table keeps one; its memory never shrinks. */
const idleMilliseconds = 1000;

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, PromiseWithResolvers<Answer>>;
}

let thread: Thread | undefined;
let idle: NodeJS.Timeout | undefined;
let requests = 0;
let files = 0;
const open = new Set<number>();

/** A number for a file that will be asked about; give it back with `closeFile`. */
export function newFile(): number {
  clearTimeout(idle);
  open.add(++files);
  return files;
}

export function closeFile(file: number): void {
  if (!open.delete(file)) return;
  thread?.worker.postMessage({ id: ++requests, file, path: "", task: "close" } satisfies Request);
  if (open.size > 0) return;
  idle = setTimeout(() => {
    const ended = thread;
    thread = undefined;
    void ended?.worker.terminate();
  }, idleMilliseconds).unref();
}

/**
 * Asks the thread. It opens a file anew where it has not got it, so a thread that another file ended matters
 * to nobody.
 * @throws Error with the engine's own words
 */
export async function ask(request: Ask): Promise<Answer> {
  thread ??= startThread();
  const { worker, pending } = thread;
  const id = ++requests;
  const result = Promise.withResolvers<Answer>();
  pending.set(id, result);
  worker.ref();
  worker.postMessage({ ...request, id } as Request);
  try {
    return await result.promise;
  } finally {
    pending.delete(id);
    if (pending.size === 0) worker.unref();
  }
}

function startThread(): Thread {
  const worker = new Worker(new URL("./parquet-worker.ts", import.meta.url));
  const started: Thread = { worker, pending: new Map() };
  worker.on("message", (response: Response) => {
    const result = started.pending.get(response.id);
    if ("error" in response) result?.reject(new Error(response.error));
    else result?.resolve(response.value);
  });
  const end = (reason: string) => {
    if (thread === started) thread = undefined;
    for (const result of started.pending.values()) result.reject(new Error(reason));
  };
  worker.on("error", () => end("its data are damaged"));
  worker.on("exit", () => end("the reader has ended"));
  return started;
}
